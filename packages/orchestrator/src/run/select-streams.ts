/** Patterns of streams and fields, applied to a catalog. Pure. */
import { ConfigError, type JsonObject, type JsonValue } from "@bizops/singer";

/** `STREAM`, `STREAM.FIELD`, `*` for any part of a name, `!` in front to leave out. */
interface Pattern {
  readonly without: boolean;
  readonly stream: RegExp;
  readonly field?: RegExp;
}

interface Metadata {
  readonly breadcrumb: readonly string[];
  readonly metadata: JsonObject;
}

/**
 * A stream is read if a pattern names it. Of its fields are read those that patterns name, or what the catalog
 * selects where none names a field. A field the catalog leaves out stays out.
 * @param patterns several lists: a field must pass each, a stream is read if the last one names it
 * @throws ConfigError if nothing is left to read
 */
export function selectStreams(
  catalog: JsonValue,
  patterns: readonly (readonly string[])[],
): JsonValue {
  const lists = patterns.map((list) => list.map(parsePattern));
  const { streams } = catalog as unknown as { streams: readonly JsonObject[] };
  const selected = lists.reduce(
    (before, list) => before.map((entry) => selectEntry(entry, list)),
    streams,
  );
  if (!selected.some((entry) => readEntry(entry, []).selected === true)) {
    throw new ConfigError(
      `nothing to read: no stream is named like ${patterns.at(-1)!.join(", ")}; the tap's --discover lists them`,
    );
  }
  return { ...(catalog as JsonObject), streams: selected };
}

function parsePattern(text: string): Pattern {
  const without = text.startsWith("!");
  const [stream = "", ...rest] = text.slice(without ? 1 : 0).split(".");
  const field = rest.join(".");
  return { without, stream: toExpression(stream), ...(field && { field: toExpression(field) }) };
}

function toExpression(glob: string): RegExp {
  const escaped = glob.split("*").map((part) => part.replace(/[^\w]/g, "\\$&"));
  return new RegExp(`^${escaped.join(".*")}$`, "su");
}

function selectEntry(entry: JsonObject, patterns: readonly Pattern[]): JsonObject {
  const name = String(entry.tap_stream_id ?? entry.stream);
  const mine = patterns.filter(({ stream }) => stream.test(name));
  const isRead =
    mine.some(({ without }) => !without) &&
    !mine.some(({ without, field }) => without && field === undefined);
  const { properties = {} } = entry.schema as { properties?: JsonObject };
  const verdicts = Object.keys(properties).map(
    (field) => [field, judgeField(field, mine)] as const,
  );
  const changed = new Map<string, boolean>([
    ["[]", isRead],
    ...verdicts.flatMap(([field, verdict]) =>
      verdict === undefined
        ? []
        : [[JSON.stringify(["properties", field]), verdict] as [string, boolean]],
    ),
  ]);
  return { ...entry, metadata: changeMetadata(entry, changed) };
}

/** Undefined: the patterns leave it to the catalog. */
function judgeField(name: string, patterns: readonly Pattern[]): boolean | undefined {
  const naming = patterns.filter(({ field }) => field?.test(name));
  if (naming.some(({ without }) => without)) return false;
  if (naming.length > 0) return true;
  const wholeStream = patterns.some(({ without, field }) => !without && field === undefined);
  const onlyFields = patterns.some(({ without, field }) => !without && field !== undefined);
  return onlyFields && !wholeStream ? false : undefined;
}

function changeMetadata(entry: JsonObject, changed: ReadonlyMap<string, boolean>): JsonValue {
  const known = (entry.metadata ?? []) as unknown as readonly Metadata[];
  const kept = known.map(({ breadcrumb, metadata }) => {
    const selected = changed.get(JSON.stringify(breadcrumb));
    if (selected === undefined) return { breadcrumb, metadata };
    const leftOut = breadcrumb.length > 0 && metadata.selected === false;
    return { breadcrumb, metadata: { ...metadata, selected: selected && !leftOut } };
  });
  const places = new Set(known.map(({ breadcrumb }) => JSON.stringify(breadcrumb)));
  const added = [...changed]
    .filter(([place]) => !places.has(place))
    .map(([place, selected]) => ({ breadcrumb: JSON.parse(place), metadata: { selected } }));
  return [...kept, ...added];
}

function readEntry(entry: JsonObject, breadcrumb: readonly string[]): JsonObject {
  const found = (entry.metadata as unknown as readonly Metadata[]).find(
    (each) => JSON.stringify(each.breadcrumb) === JSON.stringify(breadcrumb),
  );
  return found?.metadata ?? {};
}
