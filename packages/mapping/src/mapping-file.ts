/** `mapping/<source>.yml`: read with its lines, and brought up to date without touching what people wrote. */
import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { readYaml, type YamlFile } from "@bizops/orchestrator";
import { Document, isMap } from "yaml";
import type { FieldEntries, FieldEntry } from "./match-fields.ts";

/** What a mapping says of one staging model. */
export interface ObjectMapping {
  readonly fields: FieldEntries;
  /** Staging column -> field of the source, passed through. */
  readonly extra: { readonly [column: string]: string };
}

/** The mapping of one source. */
export interface Mapping {
  readonly source: string;
  readonly connector: string;
  /** Raw schema in the warehouse. */
  readonly schema: string;
  readonly objects: { readonly [object: string]: ObjectMapping };
}

/** A mapping and the file it is in. */
export interface MappingFile {
  readonly mapping: Mapping;
  readonly yaml: YamlFile;
}

/** The mapping file of a source in a dbt project. */
export function mappingPath(dbtProject: string, source: string): string {
  return join(dbtProject, "mapping", `${source}.yml`);
}

/** The sources a dbt project has a mapping for, sorted. */
export function listMappedSources(dbtProject: string): string[] {
  const folder = join(dbtProject, "mapping");
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".yml"))
    .map((name) => basename(name, ".yml"))
    .sort();
}

/** @throws ConfigError naming the line that is wrong */
export function readMapping(dbtProject: string, source: string): MappingFile | undefined {
  const path = mappingPath(dbtProject, source);
  if (!existsSync(path)) return undefined;
  const yaml = readYaml(path, "mapping");
  const content = yaml.content as unknown as {
    connector: string;
    schema?: string;
    objects: { [object: string]: { fields: FieldsContent; extra?: { [column: string]: string } } };
  };
  const objects = Object.entries(content.objects).map(([object, { fields, extra }]) => [
    object,
    { fields: mapValues(fields, toEntry), extra: extra ?? {} },
  ]);
  const { connector, schema = source } = content;
  return { yaml, mapping: { source, connector, schema, objects: Object.fromEntries(objects) } };
}

/** The file's text for a mapping. What the file says already keeps its form, comments included. */
export function renderMapping(mapping: Mapping, file: MappingFile | undefined): string {
  const document = file?.yaml.document ?? startDocument(mapping);
  for (const [object, { fields }] of Object.entries(mapping.objects)) {
    for (const [field, entry] of Object.entries(fields)) {
      const known = file?.mapping.objects[object]?.fields[field];
      if (known !== undefined && JSON.stringify(known) === JSON.stringify(entry)) continue;
      const node = document.createNode(entry);
      if (isMap(node)) node.flow = true;
      document.setIn(["objects", object, "fields", field], node);
    }
  }
  return document.toString({ lineWidth: 0, flowCollectionPadding: true });
}

type FieldsContent = { readonly [field: string]: string | null | Partial<FieldEntry> };

/** A name alone, or an entry without an origin, was written by a human. */
function toEntry(content: FieldsContent[string]): FieldEntry {
  const entry = typeof content === "object" && content !== null ? content : { from: content };
  return {
    ...entry,
    from: entry.from ?? null,
    origin: entry.origin ?? "human",
    confidence: entry.confidence ?? 1,
  };
}

function startDocument({ source, connector, schema }: Mapping): Document {
  const document = new Document({ connector, schema, objects: {} });
  document.commentBefore = [
    ` Which fields of ${source} feed the staging models: staging column -> field of the source.`,
    ` \`bizops mapping generate ${source}\` proposes and writes models/generated/ from it; \`bizops mapping check\` says`,
    " what is missing. Choose a field yourself by its name alone (`iacv: My_Field__c`; null: none): that is never",
    " overwritten. Columns of your own go under an object's `extra` (`region: Region__c`).",
  ].join("\n");
  // An empty map would be written `{}` and keep that form.
  const objects = document.get("objects", true);
  if (isMap(objects)) objects.flow = false;
  return document;
}

function mapValues<T, U>(
  object: { readonly [key: string]: T },
  map: (value: T) => U,
): { [key: string]: U } {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
