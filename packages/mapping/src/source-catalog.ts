/** A discovered catalog as the matching sees it: streams, their fields, labels and types. Pure. */
import type { Catalog, CatalogEntry, JsonSchema, Metadata } from "@bizops/singer";
import type { ColumnType } from "./template.ts";

/** A field of the source. */
export interface SourceField {
  readonly name: string;
  readonly label: string;
  readonly type: Exclude<ColumnType, "day">;
  /** Whether it is read, so that the warehouse has a column for it. */
  readonly selected: boolean;
  /** Whether the privacy policy may drop it. */
  readonly personal: boolean;
}

export interface SourceStream {
  readonly name: string;
  readonly selected: boolean;
  readonly fields: readonly SourceField[];
}

/** All streams of a catalog, fields sorted by name so that the source's order decides nothing. */
export function readStreams(catalog: Catalog): SourceStream[] {
  return catalog.streams
    .map((entry) => ({
      name: entry.stream,
      selected: isSelected(entry, metadataOf(entry, [])),
      fields: Object.entries(entry.schema.properties ?? {})
        .map(([name, schema]) => toField(entry, name, schema as JsonSchema))
        .filter((field) => field !== undefined)
        .sort((a, b) => (a.name < b.name ? -1 : 1)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The streams an object's template means. */
export function chooseStreams(
  streams: readonly SourceStream[],
  wanted: readonly string[],
): SourceStream[] {
  return streams.filter(({ name }) =>
    wanted.some((want) =>
      want.endsWith("*") ? name.startsWith(want.slice(0, -1)) : name === want,
    ),
  );
}

/** The fields of several streams, each name once; a field is read where one of them reads it. */
export function joinFields(streams: readonly SourceStream[]): SourceField[] {
  const fields = new Map<string, SourceField>();
  for (const field of streams.flatMap((stream) => stream.fields)) {
    const known = fields.get(field.name);
    fields.set(field.name, known?.selected === true ? known : field);
  }
  return [...fields.values()];
}

function toField(entry: CatalogEntry, name: string, schema: JsonSchema): SourceField | undefined {
  const metadata = metadataOf(entry, ["properties", name]);
  if (metadata.inclusion === "unsupported") return undefined;
  const { description, "x-privacy": privacyClass } = schema as {
    description?: string;
    "x-privacy"?: string;
  };
  return {
    name,
    label: description ?? name,
    type: typeOf(schema),
    selected: metadata.inclusion === "automatic" || isSelected(entry, metadata),
    personal: privacyClass !== undefined || metadata.privacy !== undefined,
  };
}

function metadataOf(entry: CatalogEntry, breadcrumb: readonly string[]): Metadata {
  const wanted = breadcrumb.join("/");
  return entry.metadata.find((each) => each.breadcrumb.join("/") === wanted)?.metadata ?? {};
}

function isSelected(entry: CatalogEntry, metadata: Metadata): boolean {
  return metadata.selected ?? entry.selected ?? metadata["selected-by-default"] ?? false;
}

/** The column target-postgres makes of it. */
function typeOf(schema: JsonSchema): SourceField["type"] {
  const branches = [schema, ...(schema.anyOf ?? []), ...(schema.oneOf ?? [])] as JsonSchema[];
  const types = branches.flatMap(({ type }) => type ?? []).filter((type) => type !== "null");
  const format = branches.find((branch) => branch.format !== undefined)?.format;
  if (format === "date" || format === "date-time") {
    return format === "date" ? "date" : "timestamptz";
  }
  const [type] = types;
  if (type === "string") return "text";
  if (type === "boolean") return "boolean";
  if (type === "integer") return "bigint";
  return type === "number" ? "numeric" : "jsonb";
}
