/** Which field of the source feeds which staging column. Pure; the order of fields decides nothing. */
import { weighTypes } from "./convert-column.ts";
import { compareNames, normaliseName } from "./name-forms.ts";
import type { SourceField } from "./source-catalog.ts";
import type { FieldTemplate } from "./template.ts";

/** How an entry came to be; `human` is never changed by us. */
export type Origin =
  | "human"
  | "exact"
  | "normalised"
  | "label"
  | "synonym"
  | "fuzzy"
  | "renamed"
  | "ambiguous"
  | "none";

/** What a mapping says of one staging column. */
export interface FieldEntry {
  readonly from: string | null;
  readonly origin: Origin;
  /** 0 to 1. */
  readonly confidence: number;
  /** Names the field had before, the latest first; the warehouse keeps their columns. */
  readonly previous_names?: readonly string[];
  /** Why a field is taken for another one's new name. */
  readonly evidence?: string;
  /** Fields that fit equally well. */
  readonly candidates?: readonly string[];
}

export interface FieldEntries {
  readonly [field: string]: FieldEntry;
}

interface Match {
  readonly field: string;
  readonly source: SourceField;
  readonly origin: Origin;
  readonly confidence: number;
  /** Among matches of the same confidence the lower one wins. */
  readonly rank: number;
}

const noMatch: FieldEntry = { from: null, origin: "none", confidence: 0 };
const leastLikeness = 0.75;

/**
 * Matches an object's staging columns with the source's fields: what was chosen before stays where it still
 * exists, then names, labels, synonyms and likeness decide.
 */
export function matchFields(
  fields: { readonly [field: string]: FieldTemplate },
  source: readonly SourceField[],
  previous: FieldEntries,
): FieldEntries {
  const names = new Set(source.map(({ name }) => name));
  const isKept = ({ from, origin }: FieldEntry) =>
    origin === "human" || (from !== null && names.has(from));
  const kept = Object.fromEntries(Object.entries(previous).filter(([, entry]) => isKept(entry)));
  const taken = new Set(Object.values(kept).map(({ from }) => from));
  const open = Object.keys(fields).filter((field) => kept[field] === undefined);
  const free = source.filter(({ name }) => !taken.has(name));
  const found = assign(
    open.flatMap((field) =>
      free.flatMap((each) => rate(field, fields[field]!, each, previous[field]) ?? []),
    ),
  );
  return Object.fromEntries(
    Object.keys(fields).map((field) => [
      field,
      kept[field] ?? succeed(previous[field], found.get(field), source),
    ]),
  );
}

/** The best reason to take a field of the source for a staging column, if there is one. */
function rate(
  field: string,
  template: FieldTemplate,
  source: SourceField,
  previous: FieldEntry | undefined,
): Match | undefined {
  const { from, synonyms } = template;
  const match = (origin: Origin, confidence: number, rank = 0): Match => ({
    ...{ field, source, origin, rank },
    confidence: Math.round(confidence * 100) / 100,
  });
  const exact = from.indexOf(source.name);
  if (exact >= 0) return match("exact", 1, exact);
  const name = normaliseName(source.name);
  const own = [...from, field].map(normaliseName);
  if (own.includes(name)) return match("normalised", 0.95);
  const weight = weighTypes(source.type, template.type);
  const formerName = previous?.from ?? undefined;
  if (weight === 0 || (synonyms === undefined && formerName === undefined)) return undefined;
  const label = normaliseName(source.label);
  if (own.includes(label)) return match("label", 0.9 * weight);
  const others = synonyms ?? [];
  const known = others.map(normaliseName);
  if (known.includes(name) || known.includes(label)) return match("synonym", 0.8 * weight);
  const words = [...from, field, ...others, ...(formerName === undefined ? [] : [formerName])];
  const likeness = Math.max(
    ...words.flatMap((word) => [compareNames(word, source.name), compareNames(word, source.label)]),
  );
  return likeness < leastLikeness ? undefined : match("fuzzy", 0.75 * likeness * weight);
}

/** Best first; where two fit equally well nobody is chosen, so that a human does. */
function assign(matches: readonly Match[]): Map<string, FieldEntry> {
  const found = new Map<string, FieldEntry>();
  const taken = new Set<string>();
  const order = (a: Match, b: Match) => b.confidence - a.confidence || a.rank - b.rank;
  for (const level of groupLevels(matches.toSorted(order), order)) {
    const open = level.filter(({ field, source }) => !found.has(field) && !taken.has(source.name));
    for (const { field, source, origin, confidence } of open) {
      const rivals = open.filter((other) => other.field === field);
      const wanted = open.some((other) => other.source === source && other.field !== field);
      if (rivals.length === 1 && !wanted) {
        found.set(field, { from: source.name, origin, confidence });
      } else {
        const candidates = rivals.map((rival) => rival.source.name).sort();
        found.set(field, { from: null, origin: "ambiguous", confidence, candidates });
      }
      // Also one a human is to choose from: were it given away, the next matching would choose the rest.
      taken.add(source.name);
    }
  }
  return found;
}

function groupLevels(
  sorted: readonly Match[],
  order: (a: Match, b: Match) => number,
): readonly (readonly Match[])[] {
  const levels: Match[][] = [];
  for (const match of sorted) {
    const last = levels.at(-1);
    if (last !== undefined && order(last[0]!, match) === 0) last.push(match);
    else levels.push([match]);
  }
  return levels;
}

/** What follows an entry whose field is gone: a new name with its evidence, or the entry as it was. */
function succeed(
  previous: FieldEntry | undefined,
  found: FieldEntry | undefined,
  source: readonly SourceField[],
): FieldEntry {
  const former = previous?.from ?? null;
  if (previous === undefined || former === null) return found ?? noMatch;
  if (found === undefined) return previous;
  if (found.from === null) return { ...previous, ...found, from: former };
  const { label, type } = source.find(({ name }) => name === found.from)!;
  return {
    from: found.from,
    origin: "renamed",
    confidence: found.confidence,
    previous_names: [former, ...(previous.previous_names ?? [])],
    evidence: `${former} is gone; ${found.from} ("${label}", ${type}) fits by ${reasons[found.origin]}`,
  };
}

const reasons: { readonly [origin in Origin]?: string } = {
  exact: "its name",
  normalised: "its name but for spelling",
  label: "its label",
  synonym: "a synonym",
  fuzzy: "likeness to the name before",
};
