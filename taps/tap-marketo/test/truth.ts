/** What the sandbox says is true, as the tap is to spell it. */
import type { Sandbox } from "@bizops/sandbox";
import { type JsonObject, type JsonValue, parseJson, type Row, renderJson } from "@bizops/singer";
import type { Tables } from "./spawn-tap.ts";

export async function truthRows(sandbox: Sandbox, object: string): Promise<readonly Row[]> {
  const response = await fetch(`${sandbox.url}/sandbox/truth/marketo/${object}`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  return lines.map((line) => parseJson(line) as Row);
}

const noQuery = (value: JsonValue | undefined): JsonValue =>
  typeof value === "string" ? value.replace(/[?#].*$/s, "") : (value ?? null);
const utc = (value: JsonValue | undefined) => String(value).replace("+0000", "");
const textIn = (value: JsonValue | undefined) => (value as JsonObject).value ?? null;

/** A stream's rows by key. */
async function truthOf(sandbox: Sandbox, stream: string): Promise<Map<string, Row>> {
  const byId = (rows: readonly Row[]) => new Map(rows.map((row) => [String(row.id), row]));
  switch (stream) {
    case "leads": {
      const rows = await truthRows(sandbox, stream);
      // The sandbox keeps decimals as texts, as only so they keep their digits.
      return byId(
        rows.map((row) => ({
          ...row,
          fitScore: row.fitScore === null ? null : parseJson(String(row.fitScore)),
          annualRevenue: parseJson(String(row.annualRevenue)),
          originalReferrer: noQuery(row.originalReferrer),
        })),
      );
    }
    case "program_costs":
    case "program_tags": {
      const part = stream === "program_costs" ? "costs" : "tags";
      const programs = await truthRows(sandbox, "programs");
      const rows = programs.flatMap((program) =>
        (program[part] as readonly JsonObject[]).map((each, position) => ({
          ...each,
          program_id: program.id!,
          position,
        })),
      );
      return new Map(rows.map((row) => [`${row.program_id}/${row.position}`, row]));
    }
    case "programs":
    case "landing_pages":
    case "forms":
    case "emails": {
      const rows = await truthRows(sandbox, stream);
      return byId(
        rows.map(({ costs: _, tags: __, ...row }) => ({
          ...row,
          createdAt: utc(row.createdAt),
          updatedAt: utc(row.updatedAt),
          ...(stream === "emails" && {
            subject: textIn(row.subject),
            fromName: textIn(row.fromName),
            fromEmail: textIn(row.fromEmail),
            replyEmail: textIn(row.replyEmail),
          }),
        })),
      );
    }
    default: {
      const rows = await truthRows(sandbox, stream);
      if (!stream.startsWith("activities_")) return byId(rows);
      return new Map(rows.map((row) => [String(row.marketoGUID), flat(row)]));
    }
  }
}

function flat({ attributes, primaryAttributeValue, primaryAttributeValueId, ...row }: Row): Row {
  const id = primaryAttributeValueId ?? null;
  const isPage = row.activityTypeId === 1 || row.activityTypeId === 3;
  const named = Object.entries(attributes as JsonObject).map(([name, value]) => {
    const property = name.toLowerCase().replaceAll(" ", "_");
    return [property, /url$|^link$/.test(property) ? noQuery(value) : value];
  });
  return {
    ...Object.fromEntries(named),
    ...row,
    primary_attribute_value: isPage
      ? noQuery(primaryAttributeValue)
      : (primaryAttributeValue ?? null),
    primary_attribute_value_id: id === null ? null : String(id),
  };
}

/** Row by row, of what changed at or after `since`, and every field the tap gave; rows that only one has count. */
export async function expectTruth(sandbox: Sandbox, tables: Tables, since: string): Promise<void> {
  for (const [stream, table] of tables) {
    const truth = await truthOf(sandbox, stream);
    for (const [key, { updatedAt, activityDate }] of truth) {
      const at = Date.parse(String(updatedAt ?? activityDate));
      if (at < Date.parse(since)) truth.delete(key);
    }
    expect([stream, [...table.keys()].sort()]).toEqual([stream, [...truth.keys()].sort()]);
    for (const [key, { primary_attribute_name: _, ...row }] of table) {
      const fields = Object.keys(row).map((field) => [field, truth.get(key)![field] ?? null]);
      const expected = Object.fromEntries(fields) as Row;
      // Comparing texts first is many times faster than one matcher a row.
      if (renderJson(row) !== renderJson(expected))
        expect([stream, row]).toEqual([stream, expected]);
    }
  }
}

/** Takes out of the leads those that the activities say are deleted or merged into others. */
export function forgetGoneLeads(tables: Tables): void {
  const leads = tables.get("leads")!;
  for (const { leadId } of tables.get("activities_delete_lead")!.values()) {
    leads.delete(String(leadId));
  }
  for (const { merge_ids } of tables.get("activities_merge_leads")!.values()) {
    for (const id of merge_ids as readonly number[]) leads.delete(String(id));
  }
}
