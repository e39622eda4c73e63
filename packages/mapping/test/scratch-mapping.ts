/** A project in a folder of its own and a hand-made Salesforce catalog; the command is run as a user would. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { commandPath, runProgram } from "@bizops/testkit";
import { parse } from "yaml";

/** A field of the catalog, as JSON Schema says it. */
export interface Field {
  readonly type: string;
  readonly format?: string;
  readonly label?: string;
  readonly selected?: boolean;
  readonly "x-privacy"?: string;
}

export interface Objects {
  readonly [object: string]: { readonly [field: string]: Field };
}

interface Template {
  readonly objects: {
    readonly [object: string]: {
      readonly streams: readonly [string];
      readonly fields: {
        readonly [field: string]: { readonly type: string; readonly from: readonly [string] };
      };
    };
  };
}

const template = parse(
  readFileSync(new URL("../templates/salesforce.yml", import.meta.url), "utf8"),
) as Template;

const jsonTypes: { readonly [type: string]: Field } = {
  text: { type: "string" },
  boolean: { type: "boolean" },
  bigint: { type: "integer" },
  numeric: { type: "number" },
  date: { type: "string", format: "date" },
  day: { type: "string", format: "date" },
  timestamptz: { type: "string", format: "date-time" },
};

/** Every field the Salesforce template asks for, under its first name. */
export const standardObjects: Objects = Object.fromEntries(
  Object.values(template.objects).map(({ streams, fields }) => [
    streams[0],
    Object.fromEntries(Object.values(fields).map(({ from, type }) => [from[0], jsonTypes[type]!])),
  ]),
);

/** The standard objects with some fields of one changed; undefined takes a field away. */
export function withFields(
  object: string,
  changes: { readonly [field: string]: Field | undefined },
): Objects {
  const fields = Object.entries({ ...standardObjects[object], ...changes });
  const kept = fields.filter((entry): entry is [string, Field] => entry[1] !== undefined);
  return { ...standardObjects, [object]: Object.fromEntries(kept) };
}

export class ScratchMapping {
  readonly folder = mkdtempSync(join(tmpdir(), "bizops-mapping-"));

  constructor() {
    this.write(
      "bizops.yml",
      "pipelines: { salesforce: { tap: tap-salesforce, target: target-postgres } }\ntransform: { project: . }\n",
    );
  }

  /** Runs `bizops-mapping` in the project; `--catalog` is added where there are objects. */
  run(args: readonly string[], objects?: Objects) {
    if (objects !== undefined) this.write("catalog.json", toCatalog(objects));
    const catalog = objects === undefined ? [] : ["--catalog", "catalog.json"];
    return runProgram(commandPath("bizops-mapping"), [...args, ...catalog], {
      folder: this.folder,
    });
  }

  /** The result as parsed from `--json`. */
  async ask(args: readonly string[], objects: Objects) {
    const { code, stdout } = await this.run([...args, "--json"], objects);
    return { code, result: JSON.parse(stdout) };
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), "utf8");
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(join(this.folder, path)), { recursive: true });
    writeFileSync(join(this.folder, path), text);
  }

  /** Replaces a text of the mapping file, which must be there. */
  edit(before: string | RegExp, after: string): void {
    const text = this.read("mapping/salesforce.yml");
    const edited = text.replace(before, after);
    if (edited === text) throw new Error(`the mapping does not hold ${before}`);
    this.write("mapping/salesforce.yml", edited);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function toCatalog(objects: Objects): string {
  const streams = Object.entries(objects).map(([name, fields]) => ({
    ...{ tap_stream_id: name, stream: name, key_properties: ["Id"] },
    schema: {
      properties: Object.fromEntries(
        Object.entries(fields).map(([field, { label, selected: _, ...schema }]) => [
          field,
          { ...schema, type: ["null", schema.type], description: label ?? field },
        ]),
      ),
    },
    metadata: [
      { breadcrumb: [], metadata: { selected: true } },
      ...Object.entries(fields).map(([field, { selected = true }]) => ({
        breadcrumb: ["properties", field],
        metadata: { inclusion: "available", selected },
      })),
    ],
  }));
  return JSON.stringify({ streams });
}
