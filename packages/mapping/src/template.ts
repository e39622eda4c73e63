/** The shipped templates: what the models need of a connector, as data. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { ConfigError } from "@bizops/singer";
import { parse } from "yaml";

/** Type of a staging column; `day` is a date or an instant, as the source has it, for the macro `day`. */
export type ColumnType =
  | "text"
  | "boolean"
  | "bigint"
  | "numeric"
  | "date"
  | "timestamptz"
  | "jsonb"
  | "day";

/** A column of a staging model and where it may come from. */
export interface FieldTemplate {
  readonly type: ColumnType;
  /** Names in the source, the first one there wins. */
  readonly from: readonly string[];
  /** Other words for it; only a field with synonyms is looked for by label and likeness. */
  readonly synonyms?: readonly string[];
  readonly description?: string;
  readonly references?: { readonly object: string; readonly field: string };
  /** Whether it says that the row is deleted; the loader's own mark counts too. */
  readonly deletion?: boolean;
}

/** A staging model. */
export interface ObjectTemplate {
  /** Names of the source's streams; one that ends in `*` stands for all that begin so. */
  readonly streams: readonly string[];
  readonly description: string;
  readonly table_description: string;
  /** Whether rows come often enough to warn when they do not. */
  readonly watched?: boolean;
  /** The source's time of change, by which a history of its rows is kept; absent: none is. */
  readonly snapshot?: string;
  /** Default: the first field. */
  readonly key?: readonly string[];
  readonly fields: { readonly [field: string]: FieldTemplate };
}

/** A select over staging models (`$object`) that feeds a model of the common data model. */
export interface Feed {
  /** The staging models whose fields the columns name. */
  readonly objects: readonly string[];
  readonly columns: { readonly [column: string]: string };
  /** Fields (`object.field`) a column comes from where its expression does not name them. */
  readonly needs?: { readonly [column: string]: readonly string[] };
  readonly from: string;
  readonly where?: string;
  readonly group_by?: string;
}

/** Everything about one connector. */
export interface Template {
  readonly title: string;
  readonly description: string;
  readonly id_description: string;
  readonly objects: { readonly [object: string]: ObjectTemplate };
  readonly cdm: { readonly [model: string]: readonly Feed[] };
}

/** A model of the common data model. */
export interface CommonModel {
  readonly name: string;
  readonly title: string;
  readonly required: readonly string[];
  readonly columns: readonly { readonly name: string; readonly data_type: string }[];
}

/** The common data model and the text of its yml. */
export interface CommonDataModel {
  readonly models: readonly CommonModel[];
  readonly yml: string;
}

const folder = new URL("../templates/", import.meta.url);

/** Connectors that have a template. */
export function listConnectors(): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith("cdm"))
    .map((name) => name.replace(/\.yml$/, ""))
    .sort();
}

/** The template of a connector. @throws ConfigError naming those there are */
export function readTemplate(connector: string): Template {
  const file = new URL(`${connector}.yml`, folder);
  if (listConnectors().includes(connector) && existsSync(fileURLToPath(file))) {
    return parse(readFileSync(file, "utf8")) as Template;
  }
  throw new ConfigError(
    `there is no template for ${connector}; there are ${listConnectors().join(", ")}`,
  );
}

/** The common data model as it ships. */
export function readCommonDataModel(): CommonDataModel {
  const about = parse(readFileSync(new URL("cdm.yml", folder), "utf8")) as {
    [model: string]: { title: string; required: string[] };
  };
  const yml = readFileSync(new URL("cdm-models.yml", folder), "utf8");
  const { models } = parse(yml) as {
    models: { name: string; columns: { name: string; data_type: string }[] }[];
  };
  return {
    yml,
    models: models.map(({ name, columns }) => ({ name, columns, ...about[name]! })),
  };
}

/** The staging columns that tell rows apart. */
export function keyOf({ key, fields }: ObjectTemplate): readonly string[] {
  return key ?? Object.keys(fields).slice(0, 1);
}

/** What cannot be without a field: columns of the common data model as `model.column`, and the model's own key. */
export function listNeeds(
  template: Template,
  models: readonly CommonModel[],
  object: string,
  field: string,
): string[] {
  const isKey = keyOf(template.objects[object]!).includes(field);
  const needed = models.flatMap(({ name, required }) =>
    (template.cdm[name] ?? []).flatMap((feed) =>
      required
        .filter((column) => isFedBy(feed, column, object, field))
        .map((column) => `${name}.${column}`),
    ),
  );
  return [...new Set([...(isKey ? [`the key of ${object}`] : []), ...needed])];
}

/** Where a feed joins several objects, its columns say whose field they mean. */
function isFedBy(feed: Feed, column: string, object: string, field: string): boolean {
  if (!feed.objects.includes(object)) return false;
  if (feed.needs?.[column]?.includes(`${object}.${field}`) === true) return true;
  const name = feed.objects.length > 1 ? `${object}\\.${field}` : field;
  return new RegExp(`\\b${name}\\b`).test(feed.columns[column] ?? "");
}
