/** What the queries of the store are asked of. */
import type pg from "pg";
import type { QueryResultRow } from "pg";

/** What queries go through. */
export interface Database {
  /** @throws UnavailableError, AuthError */
  query<Row extends QueryResultRow>(text: string, values?: readonly unknown[]): Promise<Row[]>;
}

/** The warehouse, its schema `bizops` up to date. */
export interface RunDatabase extends Database {
  /** A connection of its own, for locks; it lasts until it is ended or lost. */
  openSession(): Promise<pg.Client>;
  close(): Promise<void>;
}
