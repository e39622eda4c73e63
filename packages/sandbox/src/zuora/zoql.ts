/** Reads Export ZOQL: the part that readers of whole objects use. */

export interface ZoqlCondition {
  readonly field: string;
  readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">=";
  readonly value: string;
}

export interface ZoqlQuery {
  /** As written: `Name`, `Account.Id`; `*` for all. */
  readonly fields: readonly string[];
  readonly object: string;
  /** All of them hold. */
  readonly where: readonly ZoqlCondition[];
  readonly orderBy: string | null;
  readonly limit: number | null;
}

const QUERY =
  /^\s*select\s+(?<fields>[\s\S]+?)\s+from\s+(?<object>\w+)(?:\s+where\s+(?<where>[\s\S]+?))?(?:\s+order\s+by\s+(?<order>[\w.]+)(?:\s+asc)?)?(?:\s+limit\s+(?<limit>\d+))?\s*$/i;
const CONDITION = /^\s*([\w.]+)\s*(=|!=|<=|>=|<|>)\s*(?:'([^']*)'|(\w+))\s*$/;

/** Null where it is not a query of this kind. */
export function parseZoql(text: string): ZoqlQuery | null {
  const groups = QUERY.exec(text)?.groups;
  if (!groups) return null;
  const fields = groups.fields!.split(",").map((field) => field.trim());
  if (!fields.every((field) => /^(\*|\w+(\.\w+)?)$/.test(field))) return null;
  const where: ZoqlCondition[] = [];
  for (const part of groups.where?.split(/\s+and\s+/i) ?? []) {
    const found = CONDITION.exec(part);
    if (!found) return null;
    const [, field, operator, quoted, bare] = found;
    where.push({
      field: field!,
      operator: operator as ZoqlCondition["operator"],
      value: quoted ?? bare!,
    });
  }
  const limit = groups.limit === undefined ? null : Number(groups.limit);
  return { fields, object: groups.object!, where, orderBy: groups.order ?? null, limit };
}
