/** What Marketo tells of a program only when asked for it by id: its costs and its tags. */
import type { JsonObject, JsonSchema, JsonValue, Row } from "@bizops/singer";
import type { Page, Stream } from "@bizops/tap-kit";
import { offsetPages, programsPath } from "./list-streams.ts";
import { type MarketoApi, rowsOf } from "./marketo-api.ts";
import { RefusedError } from "./read-error.ts";
import { schemas } from "./schemas.ts";

/**
 * Read whole each time, a call for each program: nothing says that a new cost moves a program's `updatedAt`, and
 * a cost has no id of its own, so its place in the program is its key.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/assets/programs
 */
export function createProgramDetailStreams(api: MarketoApi): readonly Stream[] {
  const stream = (name: string, part: string, selectedByDefault: boolean): Stream => ({
    name,
    schema: schemas[name] as JsonSchema,
    key: ["program_id", "position"],
    replication: { method: "FULL_TABLE" },
    selectedByDefault,
    read: () => readDetails(api, part),
  });
  return [stream("program_costs", "costs", true), stream("program_tags", "tags", false)];
}

async function* readDetails(api: MarketoApi, part: string): AsyncGenerator<Page> {
  for await (const programs of offsetPages(api, programsPath)) {
    for (const { id } of programs) {
      const program = await readProgram(api, id ?? null);
      yield { records: toRows(program, part) };
    }
  }
}

/** Undefined for one that was deleted since it was listed. */
async function readProgram(api: MarketoApi, id: JsonValue): Promise<JsonObject | undefined> {
  try {
    const template = "/rest/asset/v1/program/{id}.json";
    const answer = await api.call({ url: template.replace("{id}", String(id)), template });
    return rowsOf(answer)[0];
  } catch (error) {
    if (error instanceof RefusedError && / error 702$/.test(error.message)) return undefined;
    throw error;
  }
}

function toRows(program: JsonObject | undefined, part: string): readonly Row[] {
  const listed = program?.[part];
  if (!Array.isArray(listed)) return [];
  return (listed as readonly JsonObject[]).map((each, position) => ({
    ...each,
    program_id: program!.id ?? null,
    position,
  }));
}
