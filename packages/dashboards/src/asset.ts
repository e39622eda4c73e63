/** What the folder and Superset both hold: databases, datasets, charts and dashboards, told apart by their uuid. */
import type { JsonObject } from "@bizops/singer";

/** Kinds in the order in which they build on each other. */
export const kinds = ["databases", "datasets", "charts", "dashboards"] as const;

/** A kind, as Superset names its folder in a bundle. */
export type Kind = (typeof kinds)[number];

/** One file. */
export interface Asset {
  readonly kind: Kind;
  readonly uuid: string;
  /** The file's name without folder and ending. */
  readonly file: string;
  readonly content: JsonObject;
}

/** What one calls it. */
export function titleOf({ content, file }: Asset): string {
  const title =
    content.dashboard_title ?? content.slice_name ?? content.table_name ?? content.database_name;
  return typeof title === "string" ? title : file;
}

/** Kind and title, for messages. */
export function describeAsset(asset: Asset): string {
  return `${asset.kind.slice(0, -1)} "${titleOf(asset)}"`;
}

/** The uuids of what it stands on: a dataset's database, a chart's dataset, a dashboard's charts and filters' datasets. */
export function referencesOf({ kind, content }: Asset): string[] {
  if (kind === "datasets") return [String(content.database_uuid)];
  if (kind === "charts") return [String(content.dataset_uuid)];
  if (kind !== "dashboards") return [];
  const charts = objectsIn(content.position)
    .filter(({ type }) => type === "CHART")
    .map(({ meta }) => String((meta as JsonObject | undefined)?.uuid));
  const filters = listIn((content.metadata as JsonObject)?.native_filter_configuration);
  const targets = filters.flatMap(({ targets }) => listIn(targets));
  const datasets = targets.map(({ datasetUuid }) => datasetUuid).filter(Boolean);
  return [...new Set([...charts, ...datasets.map(String)])];
}

/** The assets of these uuids and all they stand on. */
export function closureOf(assets: readonly Asset[], uuids: ReadonlySet<string>): Asset[] {
  const byUuid = new Map(assets.map((asset) => [asset.uuid, asset]));
  const found = new Set<string>();
  const visit = (uuid: string): void => {
    const asset = byUuid.get(uuid);
    if (asset === undefined || found.has(uuid)) return;
    found.add(uuid);
    referencesOf(asset).forEach(visit);
  };
  uuids.forEach(visit);
  return assets.filter(({ uuid }) => found.has(uuid));
}

/** The objects among an object's values. */
export function objectsIn(value: unknown): JsonObject[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.values(value).filter(
    (each): each is JsonObject => typeof each === "object" && each !== null,
  );
}

/** A list's objects; none if it is no list. */
export function listIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? objectsIn(value) : [];
}
