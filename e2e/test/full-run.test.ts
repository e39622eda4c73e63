/** The way into the warehouse, twice: API -> tap -> pipe -> target -> PostgreSQL, held against the sandbox's truth. */
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { commandPath, runProgram } from "@bizops/testkit";
import { createScratchProject, pseudonymKey, type ScratchProject } from "./scratch-project.ts";

const objects = [
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
let project: ScratchProject;
beforeAll(async () => {
  project = await createScratchProject(3000);
});
afterAll(() => project.close());

/** A row's values as text, by column, in one spelling for both sides. */
async function readTable(
  object: string,
): Promise<Map<string, { [column: string]: string | null }>> {
  const rows = await project.database.query<{ row: { [column: string]: unknown } }>(
    `SELECT to_jsonb(t) AS row FROM salesforce."${object}" t`,
  );
  return new Map(rows.map(({ row }) => [String(row.Id), mapValues(row, canonical)]));
}

function canonical(value: unknown): string | null {
  if (value === null) return null;
  const text = String(value);
  return /^\d{4}-\d\d-\d\dT/.test(text) ? new Date(text).toISOString() : text;
}

function mapValues<T, U>(object: { [key: string]: T }, map: (value: T) => U): { [key: string]: U } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

function pseudonym(value: string): string {
  const normalised = value.trim().toLowerCase().normalize("NFC");
  return createHmac("sha256", pseudonymKey).update(normalised).digest("hex");
}

async function expectTablesToBeTrue(): Promise<void> {
  for (const object of objects) {
    const [truth, table] = [await project.truth(object), await readTable(object)];
    expect({ object, rows: table.size }).toEqual({ object, rows: truth.length });
    for (const row of truth) {
      const { attributes: _, ...fields } = row;
      const found = table.get(String(row.Id)) ?? {};
      const columns = Object.keys(found).filter((column) => !column.startsWith("_sdc_"));
      const expected = Object.fromEntries(
        columns.map((column) => {
          const value = canonical(fields[column] ?? null);
          const hidden = value !== null && found[column] === pseudonym(value);
          return [column, hidden ? pseudonym(value) : value];
        }),
      );
      expect(mapValues(found, (value) => value)).toMatchObject(expected);
    }
  }
}

test("a first run loads every row of every object", async () => {
  const run = await project.bizops(["run", "--json"]);
  expect(run).toMatchObject({ code: 0 });
  const [report] = JSON.parse(run.stdout);
  expect(Object.keys(report.rows).sort()).toEqual(objects);
  await expectTablesToBeTrue();
});

test("a second run reads only what changed: rows added, edited and deleted", async () => {
  await project.advance(3);
  const run = await project.bizops(["run", "--json"]);
  expect(run.code).toBe(0);
  const [{ rows }] = JSON.parse(run.stdout);
  const read = Object.values<number>(rows).reduce((sum, count) => sum + count, 0);
  expect(read).toBeGreaterThan(0);
  expect(read).toBeLessThan(1500);
  const [{ count: deleted } = { count: 0 }] = await project.database.query<{ count: number }>(
    `SELECT count(*)::int FROM salesforce."Opportunity" WHERE "IsDeleted"`,
  );
  expect(deleted).toBeGreaterThan(0);
  await expectTablesToBeTrue();
});

test("a run with nothing to find keeps the state; --full-refresh reads everything again", async () => {
  const [{ rows: again }] = JSON.parse((await project.bizops(["run", "--json"])).stdout);
  const [{ rows: all }] = JSON.parse(
    (await project.bizops(["run", "--json", "--full-refresh"])).stdout,
  );
  const sum = (rows: { [stream: string]: number }) =>
    Object.values(rows).reduce((total, count) => total + count, 0);
  expect(sum(again)).toBeLessThan(sum(all) / 10);
  await expectTablesToBeTrue();
});

test("no personal data in the warehouse but pseudonyms, none in any log", async () => {
  const contacts = (await project.truth("Contact")) as { Email: string | null; LastName: string }[];
  const emails = contacts.flatMap(({ Email }) => (Email ? [Email] : []));
  const stored = await project.database.query<{ Email: string }>(
    `SELECT "Email" FROM salesforce."Contact" WHERE "Email" LIKE '%@%'`,
  );
  expect(stored).toEqual([]);
  const run = await project.bizops(["run", "--full-refresh"], {
    environment: { LOGLEVEL: "debug" },
  });
  const folder = join(project.folder, ".bizops", "logs");
  const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), "utf8"));
  const written = run.stdout + run.stderr + logs.join("");
  expect(written).toMatch(/METRIC/);
  for (const email of emails) expect(written).not.toContain(email);
});

test("doctor finds everything in order; its exit code is that of what is not", async () => {
  const well = await project.bizops(["doctor"]);
  expect(well).toMatchObject({ code: 0 });
  expect(well.stdout).toMatch(/ok {3}salesforce: tap-salesforce reaches its source/);
  const ill = await project.bizops(["doctor", "--json"], { environment: { PG_PASSWORD: "wrong" } });
  expect(ill.code).toBe(3);
  expect(JSON.parse(ill.stdout).filter(({ ok }: { ok: boolean }) => !ok)).toEqual([
    expect.objectContaining({ detail: expect.stringContaining("refused the user or password") }),
  ]);
});

describe("bad input", () => {
  test.each([
    ["wrong password", { SFDC_PASSWORD: "wrong" }, 3],
    ["no sandbox", { SFDC_URL: "http://127.0.0.1:1", TAP_SALESFORCE_MAX_RETRIES: "0" }, 4],
    ["no warehouse", { PG_PORT: "1" }, 4],
    ["no pseudonym key", { BIZOPS_PSEUDONYM_KEY: "" }, 2],
  ])(
    "[RUN-4] %s: the exit code of the program that failed, its line shown",
    async (_, environment, code) => {
      const run = await project.bizops(["run"], { environment });
      expect(run.code).toBe(code);
      expect(run.stderr).toMatch(/CRITICAL/);
    },
  );

  test("[EXIT-2] a broken bizops.yml: the line, and what is wrong with it", async () => {
    const folder = join(project.folder, "broken");
    mkdirSync(folder);
    writeFileSync(join(folder, "bizops.yml"), "pipelines:\n  a:\n    tap: x\n    targets: y\n");
    const run = await project.bizops(["run"], { folder });
    expect(run.code).toBe(2);
    expect(run.stderr).toMatch(
      /bizops.yml:2: pipelines.a needs target; .*bizops.yml:4: pipelines.a has an unknown key targets/,
    );
  });

  test("[EXIT-2] an unknown pipeline, an unknown command, a missing program", async () => {
    const pipeline = await project.bizops(["run", "nothing"]);
    expect(pipeline).toMatchObject({ code: 2 });
    expect(pipeline.stderr).toMatch(/no pipeline nothing; bizops.yml has salesforce/);
    const command = await project.bizops(["nothing"]);
    expect(command).toMatchObject({ code: 2 });
    expect(command.stderr).toMatch(/npm install @bizops\/nothing/);
  });
});

test("[RUN-5] Ctrl-C on a terminal: 130, the files with the settings are gone", async () => {
  const program = `
import os, pty, sys
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
seen = b""
sent = False
while True:
    try:
        chunk = os.read(terminal, 4096)
    except OSError:
        break
    if not chunk:
        break
    seen += chunk
    if not sent and b"rows" in seen:
        sent = True
        os.write(terminal, b"\\x03")
status = os.waitpid(pid, 0)[1]
print(os.WEXITSTATUS(status) if os.WIFEXITED(status) else -os.WTERMSIG(status))
`;
  const temporary = mkdtempSync(join(tmpdir(), "bizops-terminal-"));
  const run = await runProgram(
    "python3",
    ["-c", program, commandPath("bizops"), "run", "--full-refresh"],
    {
      folder: project.folder,
      environment: { ...project.environment, TMPDIR: temporary, TERM: "xterm" },
    },
  );
  expect(run.stdout.trim()).toBe("130");
  expect(readdirSync(temporary)).toEqual([]);
  rmSync(temporary, { recursive: true });
});

test("[RUN-5] SIGINT in the middle of a run: 130, nothing left, the next run completes the tables", async () => {
  const folder = join(project.folder, ".bizops", "logs");
  const before = readdirSync(folder).length;
  const run = await project.bizops(["run", "--full-refresh"], {
    onStart(child) {
      const watch = setInterval(() => {
        if (readdirSync(folder).length > before) {
          clearInterval(watch);
          child.kill("SIGINT");
        }
      }, 20);
    },
  });
  expect(run.code).toBe(130);
  expect(await project.bizops(["run"])).toMatchObject({ code: 0 });
  await expectTablesToBeTrue();
});
