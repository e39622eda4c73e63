/** A parsed SOQL query, before anything is known of objects and fields. */

export type Literal =
  | { readonly kind: "null" }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** Milliseconds since 1970. */
  | { readonly kind: "date"; readonly value: number }
  | { readonly kind: "datetime"; readonly value: number };

export type Operator = "=" | "!=" | "<" | "<=" | ">" | ">=" | "LIKE";

export type Condition =
  | { readonly kind: "and" | "or"; readonly parts: readonly Condition[] }
  | { readonly kind: "not"; readonly part: Condition }
  | {
      readonly kind: "compare";
      readonly field: string;
      readonly operator: Operator;
      readonly literal: Literal;
    }
  | {
      readonly kind: "in";
      readonly field: string;
      readonly negated: boolean;
      readonly literals: readonly Literal[];
    };

export interface Ordering {
  readonly field: string;
  readonly descending: boolean;
  /** The vendor puts nulls first unless told otherwise, in both directions. */
  readonly nullsLast: boolean;
}

export interface Query {
  /** Field names as written; "count" for `COUNT()`. */
  readonly select: readonly string[] | "count";
  readonly from: string;
  readonly where: Condition | null;
  readonly orderBy: readonly Ordering[];
  readonly limit: number | null;
}
