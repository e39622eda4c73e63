/** Files that exports leave behind, until somebody deletes them. */
import { type Reply, textReply } from "../../http/exchange.ts";
import { zuoraId } from "../record-id.ts";
import type { Export } from "../run-export.ts";
import { reasons } from "../vendor-error.ts";

export interface Files {
  /** Keeps a part of an export and gives the file's id. */
  keep(result: Export, from: number, until: number): string;
  read(id: string): Reply;
  remove(id: string): void;
}

export function makeFiles(): Files {
  const files = new Map<string, () => Iterable<string>>();
  let made = 0;
  return {
    keep: (result, from, until) => {
      const id = zuoraId("File", ++made);
      files.set(id, () => result.csv(from, until));
      return id;
    },
    read: (id) => {
      const more = files.get(id)?.();
      if (!more) return reasons(404, 50000040, "Cannot find entity by key");
      return { ...textReply(200, "", "text/csv;charset=UTF-8"), more };
    },
    remove: (id) => files.delete(id),
  };
}
