/** What Zuora's two ways to export have in common. */
import type { HttpClient } from "@bizops/http-client";
import type { ExportQuery } from "./export-query.ts";

export interface ExportApi {
  /** Fetches files. */
  readonly client: HttpClient;
  /** The path of files, with `{id}`. */
  readonly fileTemplate: string;
  /**
   * @param withDeleted whether deleted rows are wanted, and a column that tells them
   * @returns the job's id
   * @throws RefusedQueryError
   */
  submit(query: ExportQuery, withDeleted: boolean): Promise<string>;
  look(id: string): Promise<ExportLook>;
}

/** How an export stands. */
export type ExportLook =
  | { readonly state: "running" }
  | {
      readonly state: "done";
      /** Ids of the files that together are the result. */
      readonly files: readonly string[];
      /** How many rows they hold together, if that is known. */
      readonly rows?: number;
      /** The least size of the one file, if that is known. */
      readonly bytes?: number;
    }
  /** `reason` is Zuora's text, to be understood, not to be shown. */
  | { readonly state: "failed"; readonly reason: string };

/** The column that AQuA is told to tell deleted rows in. */
export const deletedColumn = "Deleted";
