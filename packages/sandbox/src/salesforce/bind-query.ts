/** Checks a parsed query against the objects and fields there are, and makes its condition a test of rows. */
import type { Field, FieldValue } from "./field.ts";
import type { SObject } from "./sobject.ts";
import type { Condition, Literal, Operator, Query } from "./soql/query.ts";
import { invalidField, malformedQuery, VendorError } from "./vendor-error.ts";

export type RowTest = (row: unknown) => boolean;

export interface BoundOrdering {
  readonly field: Field;
  readonly descending: boolean;
  readonly nullsLast: boolean;
}

/** A query whose names are known to exist. */
export interface BoundQuery {
  readonly object: SObject;
  /** Empty for `COUNT()`. */
  readonly fields: readonly Field[];
  readonly isCount: boolean;
  /** Rows changed before `from`, or at or after `until`, are not wanted; milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
  /** What is left to test once the bounds are applied; null if nothing is. */
  readonly test: RowTest | null;
  readonly orderBy: readonly BoundOrdering[];
  readonly limit: number;
}

/** @throws VendorError INVALID_TYPE, INVALID_FIELD or MALFORMED_QUERY with the vendor's wording */
export function bindQuery(
  query: Query,
  text: string,
  find: (name: string) => SObject | undefined,
): BoundQuery {
  const object = find(query.from);
  if (!object?.queryable) {
    throw new VendorError(
      400,
      "INVALID_TYPE",
      `\n${text}\n^\nERROR at Row:1:Column:${text.indexOf(query.from) + 1}\nsObject type '${query.from}' is not supported. If you are attempting to use a custom object, be sure to append the '__c' after the entity name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  }
  if (object.restriction) throw malformedQuery(object.restriction);
  const fieldOf = (name: string): Field => {
    const found = object.field(name) ?? object.field(name.replace(`${query.from}.`, ""));
    if (found) return found;
    const column = text.indexOf(name) + 1;
    throw invalidField(
      `\n${text}\n${" ".repeat(Math.max(0, column - 1))}^\nERROR at Row:1:Column:${column}\nNo such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
    );
  };
  const fields = query.select === "count" ? [] : query.select.map(fieldOf);
  const twice = fields.find((field, at) => fields.indexOf(field) !== at);
  if (twice) throw malformedQuery(`duplicate field selected: ${twice.name}`);
  const orderBy = query.orderBy.map((ordering) => {
    const field = fieldOf(ordering.field);
    if (!field.filterable) {
      throw invalidField(`field '${field.name}' can not be sorted in a query call`);
    }
    return { field, descending: ordering.descending, nullsLast: ordering.nullsLast };
  });
  const bounds = { from: Number.NEGATIVE_INFINITY, until: Number.POSITIVE_INFINITY };
  const rest = query.where === null ? null : takeBounds(query.where, object, bounds);
  return {
    object,
    fields,
    isCount: query.select === "count",
    ...bounds,
    test: rest === null ? null : compile(rest, fieldOf),
    orderBy,
    limit: query.limit ?? Number.POSITIVE_INFINITY,
  };
}

/** Takes conditions on the time of change out of a conjunction, where the table's order answers them. */
function takeBounds(
  where: Condition,
  object: SObject,
  bounds: { from: number; until: number },
): Condition | null {
  const rest: Condition[] = [];
  for (const part of where.kind === "and" ? where.parts : [where]) {
    if (!takeBound(part, object, bounds)) rest.push(part);
  }
  if (rest.length === 0) return null;
  return rest.length === 1 ? rest[0]! : { kind: "and", parts: rest };
}

function takeBound(
  part: Condition,
  object: SObject,
  bounds: { from: number; until: number },
): boolean {
  if (part.kind !== "compare" || part.literal.kind !== "datetime") return false;
  if (part.field.toLowerCase() !== object.changeField?.toLowerCase()) return false;
  const at = part.literal.value;
  if (part.operator === ">=") bounds.from = Math.max(bounds.from, at);
  else if (part.operator === ">") bounds.from = Math.max(bounds.from, at + 1);
  else if (part.operator === "<") bounds.until = Math.min(bounds.until, at);
  else if (part.operator === "<=") bounds.until = Math.min(bounds.until, at + 1);
  else return false;
  return true;
}

function compile(condition: Condition, fieldOf: (name: string) => Field): RowTest {
  switch (condition.kind) {
    case "and": {
      const parts = condition.parts.map((part) => compile(part, fieldOf));
      return (row) => parts.every((part) => part(row));
    }
    case "or": {
      const parts = condition.parts.map((part) => compile(part, fieldOf));
      return (row) => parts.some((part) => part(row));
    }
    case "not": {
      const part = compile(condition.part, fieldOf);
      return (row) => !part(row);
    }
    case "compare":
      return compileCompare(fieldOf(condition.field), condition.operator, condition.literal);
    case "in": {
      const field = fieldOf(condition.field);
      const tests = condition.literals.map((literal) => compileCompare(field, "=", literal));
      return (row) => tests.some((test) => test(row)) !== condition.negated;
    }
  }
}

function compileCompare(field: Field, operator: Operator, literal: Literal): RowTest {
  if (!field.filterable) {
    throw invalidField(`field '${field.name}' can not be filtered in a query call`);
  }
  if (literal.kind === "null") {
    if (operator !== "=" && operator !== "!=") {
      throw invalidField(`invalid operator on null value for field '${field.name}'`);
    }
    return (row) => isBlank(field.read(row)) === (operator === "=");
  }
  const wanted = checkLiteral(field, literal);
  if (operator === "LIKE") return compileLike(field, wanted);
  return (row) => {
    const value = comparable(field, field.read(row));
    if (value === null) return operator === "!=";
    switch (operator) {
      case "=":
        return value === wanted;
      case "!=":
        return value !== wanted;
      case "<":
        return value < wanted;
      case "<=":
        return value <= wanted;
      case ">":
        return value > wanted;
      case ">=":
        return value >= wanted;
    }
  };
}

function compileLike(field: Field, wanted: string | number | boolean): RowTest {
  const escaped = String(wanted).replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = new RegExp(
    `^${escaped.replace(/%/g, "[\\s\\S]*").replace(/_/g, "[\\s\\S]")}$`,
    "i",
  );
  return (row) => pattern.test(String(field.read(row) ?? ""));
}

const LITERAL_OF: Readonly<Record<string, Literal["kind"]>> = {
  boolean: "boolean",
  date: "date",
  datetime: "datetime",
  currency: "number",
  double: "number",
  percent: "number",
  int: "number",
};

/** The literal as a value comparable with the field's; refuses kinds that do not fit, as the vendor does. */
function checkLiteral(
  field: Field,
  literal: Exclude<Literal, { kind: "null" }>,
): string | number | boolean {
  const kind = LITERAL_OF[field.type] ?? "string";
  if (literal.kind !== kind) {
    const type = kind === "datetime" ? "dateTime" : kind === "number" ? field.type : kind;
    const quoting =
      kind === "string" ? "should be enclosed in quotes" : "should not be enclosed in quotes";
    throw invalidField(
      `value of filter criterion for field '${field.name}' must be of type ${type} and ${quoting}`,
    );
  }
  return comparable(field, literal.value)!;
}

/** Text compares without case; ids by their first 15 characters; decimals as numbers. */
export function comparable(field: Field, value: FieldValue): string | number | boolean | null {
  if (isBlank(value) || typeof value === "object") return null;
  if (field.type === "id" || field.type === "reference") return String(value).slice(0, 15);
  if (field.type === "currency" || field.type === "double" || field.type === "percent") {
    return Number(value);
  }
  return typeof value === "string" ? value.toLowerCase() : value;
}

function isBlank(value: FieldValue): value is null | "" {
  return value === null || value === "";
}
