/** What is loaded: the messages of a tap, and what its tables hold after any number of them. Pure. */
import type { Random } from "./seeded-random.ts";

/** A stream of the tap. */
export interface StreamShape {
  readonly name: string;
  readonly key: readonly string[];
  readonly properties: { readonly [name: string]: { readonly type: readonly string[] } };
  /** Its records have generations; ACTIVATE_VERSION ends each. */
  readonly versioned: boolean;
}

/** A kind of load. */
export interface Workload {
  readonly name: string;
  readonly streams: readonly StreamShape[];
  /** Rows of a known key stand beside the old ones. */
  readonly appendOnly: boolean;
  /** STATE is kept in the warehouse; otherwise the last one on stdout counts. */
  readonly stored: boolean;
}

type Value = number | string | null;

/** What the tap says; a STATE's value is how many entries it covers. */
export type Entry =
  | {
      readonly kind: "record";
      readonly stream: StreamShape;
      readonly record: { readonly [property: string]: Value };
      readonly version: number | undefined;
    }
  | { readonly kind: "activate"; readonly stream: StreamShape; readonly version: number }
  | { readonly kind: "state" };

const integer = { type: ["integer"] };
const optionalInteger = { type: ["integer", "null"] };
const optionalText = { type: ["string", "null"] };

/** In every record `n` is the entry's own number. */
const orders: StreamShape = {
  name: "orders",
  key: ["id"],
  properties: { id: integer, n: integer, note: optionalText, amount: optionalInteger },
  versioned: false,
};
const orderLines: StreamShape = {
  name: "order_lines",
  key: ["order_id", "line"],
  properties: { order_id: integer, line: integer, n: integer, note: optionalText },
  versioned: false,
};
const snapshots: StreamShape = {
  name: "snapshots",
  key: ["id"],
  properties: { id: integer, n: integer },
  versioned: true,
};
const events: StreamShape = {
  name: "events",
  key: [],
  properties: { n: integer, note: optionalText },
  versioned: false,
};

export const workloads: readonly Workload[] = [
  {
    name: "upsert",
    streams: [orders, orderLines, snapshots],
    appendOnly: false,
    stored: false,
  },
  {
    name: "upsert and keyless, stored state",
    streams: [orders, events, snapshots],
    appendOnly: false,
    stored: true,
  },
  {
    name: "append-only, stored state",
    streams: [orders, events, snapshots],
    appendOnly: true,
    stored: true,
  },
];

/** Whether rows of this stream stand side by side. */
export function appends(workload: Workload, stream: StreamShape): boolean {
  return workload.appendOnly || stream.key.length === 0;
}

/** The tap's whole output but its SCHEMAs; the last entry is a STATE. */
export function makeEntries({ streams }: Workload, random: Random, length: number): Entry[] {
  const versions = new Map(streams.filter((each) => each.versioned).map((each) => [each, 1]));
  const entries: Entry[] = [];
  const activate = (stream: StreamShape) => {
    const version = versions.get(stream)!;
    entries.push({ kind: "activate", stream, version });
    versions.set(stream, version + 1);
  };
  while (entries.length < length) {
    if (random.below(40) === 0) entries.push({ kind: "state" });
    const stream = random.pick(streams);
    if (stream.versioned && random.below(400) === 0) activate(stream);
    const record = makeRecord(stream, entries.length, random);
    entries.push({ kind: "record", stream, record, version: versions.get(stream) });
  }
  for (const stream of versions.keys()) activate(stream);
  entries.push({ kind: "state" });
  return entries;
}

/** Keys come again and again; what is not in the key is absent, null or a value. */
function makeRecord(
  { key, properties }: StreamShape,
  n: number,
  random: Random,
): { readonly [property: string]: Value } {
  const record: { [property: string]: Value } = {};
  for (const [name, { type }] of Object.entries(properties)) {
    if (name === "n") record[name] = n;
    else if (key.includes(name)) record[name] = random.below(key.length === 1 ? 300 : 20);
    else if (random.below(4) > 0) {
      const text = type.includes("string");
      record[name] = random.below(4) === 0 ? null : text ? `note\t${n} é` : n * 7;
    }
  }
  return record;
}

/** The tap's output from an entry on, line by line. */
export function* renderLines(
  { streams }: Workload,
  entries: readonly Entry[],
  from: number,
): Generator<string> {
  for (const { name, properties, key } of streams) {
    yield renderLine({
      type: "SCHEMA",
      stream: name,
      schema: { type: "object", properties },
      key_properties: key,
    });
  }
  for (let at = from; at < entries.length; at += 1) yield renderEntry(entries[at]!, at);
}

function renderEntry(entry: Entry, at: number): string {
  switch (entry.kind) {
    case "state":
      return renderLine({ type: "STATE", value: { next: at + 1 } });
    case "activate":
      return renderLine({
        type: "ACTIVATE_VERSION",
        stream: entry.stream.name,
        version: entry.version,
      });
    case "record":
      return renderLine({
        type: "RECORD",
        stream: entry.stream.name,
        record: entry.record,
        ...(entry.version !== undefined && { version: entry.version }),
      });
  }
}

const renderLine = (message: object): string => `${JSON.stringify(message)}\n`;

/** A row as text: its properties in their order, then, if there are generations, whether it is alive. */
export type RowText = readonly (string | null)[];

/** What the tables hold after these entries, in no order. */
export function expectRows(
  workload: Workload,
  entries: readonly Entry[],
): ReadonlyMap<StreamShape, RowText[]> {
  return new Map(
    workload.streams.map((stream) => {
      const ofStream = entries.filter((entry) => entry.kind !== "state" && entry.stream === stream);
      return [stream, expectStream(stream, ofStream, appends(workload, stream))];
    }),
  );
}

function expectStream(stream: StreamShape, entries: readonly Entry[], append: boolean): RowText[] {
  const rows = new Map<
    string,
    { record: { [name: string]: Value }; version: unknown; alive: boolean }
  >();
  entries.forEach((entry, at) => {
    if (entry.kind === "activate") {
      for (const row of rows.values()) row.alive &&= row.version === entry.version;
    } else if (entry.kind === "record") {
      const key = append
        ? String(at)
        : JSON.stringify(stream.key.map((name) => entry.record[name]));
      const record = { ...rows.get(key)?.record, ...entry.record };
      rows.set(key, { record, version: entry.version, alive: true });
    }
  });
  return [...rows.values()].map(({ record, alive }) => [
    ...Object.keys(stream.properties).map((name) => toText(record[name])),
    ...(stream.versioned ? [String(alive)] : []),
  ]);
}

const toText = (value: Value | undefined): string | null =>
  value === undefined || value === null ? null : String(value);
