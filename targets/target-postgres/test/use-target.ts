/** What the tests of target-postgres share: the command, a database of their own, messages in short. */
import {
  commandPath,
  createScratchDatabase,
  type ProgramResult,
  type RunOptions,
  runProgram,
  type ScratchDatabase,
} from "@bizops/testkit";

/** Gives a test file its database, and the command run against it. */
export function useTarget() {
  let scratch: ScratchDatabase;
  beforeAll(async () => {
    scratch = await createScratchDatabase();
  });
  afterAll(() => scratch.drop());

  const database: Omit<ScratchDatabase, "drop"> = {
    get connectionString() {
      return scratch.connectionString;
    },
    get environment() {
      return scratch.environment;
    },
    query: (text, values) => scratch.query(text, values),
  };
  const target = (
    input: string,
    settings: { [name: string]: string } = {},
    options: RunOptions = {},
  ): Promise<ProgramResult> =>
    runProgram(commandPath("target-postgres"), [], {
      input,
      environment: { ...database.environment, ...settings },
      ...options,
    });
  /** The types of a table's columns, in their order. */
  const types = async (table: string): Promise<{ [column: string]: string }> => {
    const rows = await database.query<{ name: string; type: string }>(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns
        WHERE table_name = $1 ORDER BY ordinal_position`,
      [table],
    );
    return Object.fromEntries(rows.map(({ name, type }) => [name, type]));
  };
  return { database, target, types };
}

export const lines = (...messages: object[]): string =>
  messages.map((message) => `${JSON.stringify(message)}\n`).join("");

export const schema = (stream: string, properties: object, key: string[] = ["id"]) => ({
  type: "SCHEMA",
  stream,
  schema: { type: "object", properties },
  key_properties: key,
});

export const record = (stream: string, row: object, more: object = {}) => ({
  type: "RECORD",
  stream,
  record: row,
  ...more,
});

export const state = (value: unknown) => ({ type: "STATE", value });
