/** What the sandbox says is true, and what a tap is told to read it. */
import type { Sandbox } from "@bizops/sandbox";
import { parseJson, type Row, renderJson } from "@bizops/singer";
import type { Tables } from "./spawn-tap.ts";

export const defaultStreams = [
  "Account",
  "Campaign",
  "CampaignMember",
  "Contact",
  "Lead",
  "Opportunity",
  "OpportunityContactRole",
  "OpportunityHistory",
  "User",
];
export const keepAll = { privacy: { direct: "keep", "free-text": "keep" } };

export function configOf({ url, credentials }: Sandbox, more: object = {}): object {
  const { username, password, securityToken } = credentials;
  return {
    login_url: url,
    username,
    password,
    security_token: securityToken,
    ...keepAll,
    ...more,
  };
}

export async function controlSandbox(
  { url }: Sandbox,
  path: string,
  body: unknown = {},
): Promise<void> {
  const response = await fetch(`${url}/sandbox/${path}`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
}

/** Every row of an object as the sandbox has it, as the tap spells it: blank is null. */
export async function readTruth({ url }: Sandbox, object: string): Promise<Map<string, Row>> {
  const response = await fetch(`${url}/sandbox/truth/salesforce/${object}`);
  const lines = (await response.text()).split("\n").filter((line) => line !== "");
  const rows = lines.map((line) => {
    const spelt = line
      .replace(/(T\d\d:\d\d:\d\d\.\d{3})\+0000"/g, '$1Z"')
      .replace(/(?<=":)""(?=[,}])/g, "null");
    const { attributes: _, ...row } = parseJson(spelt) as Row;
    return row as Row;
  });
  return new Map(rows.map((row) => [String(row.Id), row]));
}

/** Row by row, and every field the tap gave; rows one has and the other lacks count. */
export async function expectSandboxTruth(
  sandbox: Sandbox,
  tables: Tables,
  streams: readonly string[],
): Promise<void> {
  for (const stream of streams) {
    const truth = await readTruth(sandbox, stream);
    const table = tables.get(stream) ?? new Map<string, Row>();
    expect([stream, [...table.keys()].sort()]).toEqual([stream, [...truth.keys()].sort()]);
    for (const [id, row] of table) {
      const fields = Object.keys(row).map((field) => [field, truth.get(id)![field]]);
      const expected = Object.fromEntries(fields) as Row;
      // Comparing texts first is many times faster than one matcher a row.
      if (renderJson(row) !== renderJson(expected))
        expect([stream, row]).toEqual([stream, expected]);
    }
  }
}
