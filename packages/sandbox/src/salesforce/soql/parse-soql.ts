/** Reads SOQL text into a query: the part of the language that readers of whole objects use. */
import { malformedQuery } from "../vendor-error.ts";
import type { Condition, Literal, Operator, Ordering, Query } from "./query.ts";
import { scanSoql, type Token, type TokenKind } from "./scan-soql.ts";

const OPERATORS = new Set(["=", "!=", "<>", "<", "<=", ">", ">="]);
const RESERVED = new Set(["FROM", "WHERE", "ORDER", "LIMIT", "AND", "OR", "NOT", "IN", "LIKE"]);

/** @throws VendorError MALFORMED_QUERY with the vendor's wording */
export function parseSoql(text: string): Query {
  const reader = makeReader(text);
  reader.expectWord("SELECT");
  const select = readSelect(reader);
  reader.expectWord("FROM");
  const from = reader.name();
  const where = reader.takeWord("WHERE") ? readCondition(reader) : null;
  const orderBy = reader.takeWord("ORDER") ? readOrderBy(reader) : [];
  const limit = reader.takeWord("LIMIT") ? readLimit(reader) : null;
  reader.expectEnd();
  return { select, from, where, orderBy, limit };
}

type Reader = ReturnType<typeof makeReader>;

function makeReader(text: string) {
  const tokens = scanSoql(text);
  let next = 0;
  const peek = (): Token => tokens[next]!;
  const fail = (): never => {
    const token = peek();
    if (token.kind === "end") throw malformedQuery("unexpected token: '<EOF>'");
    throw malformedQuery(
      `\n${text}\n${" ".repeat(token.at)}^\nERROR at Row:1:Column:${token.at + 1}\nunexpected token: '${token.text}'`,
    );
  };
  const take = (): Token => tokens[next++]!;
  const isWord = (word: string): boolean =>
    peek().kind === "word" && peek().text.toUpperCase() === word;
  const isSymbol = (symbol: string): boolean => peek().kind === "symbol" && peek().text === symbol;
  const takeWord = (word: string): boolean => isWord(word) && take() !== undefined;
  const takeSymbol = (symbol: string): boolean => isSymbol(symbol) && take() !== undefined;
  return {
    fail,
    isWord,
    takeWord,
    takeSymbol,
    takeKind: (kind: TokenKind): string | null => (peek().kind === kind ? take().text : null),
    expectWord: (word: string): void => {
      if (!takeWord(word)) fail();
    },
    expectSymbol: (symbol: string): void => {
      if (!takeSymbol(symbol)) fail();
    },
    expectEnd: (): void => {
      if (peek().kind !== "end") fail();
    },
    name: (): string => {
      if (peek().kind !== "word" || RESERVED.has(peek().text.toUpperCase())) fail();
      return take().text;
    },
  };
}

function readSelect(reader: Reader): readonly string[] | "count" {
  const first = reader.name();
  if (first.toUpperCase() === "COUNT" && reader.takeSymbol("(")) {
    reader.expectSymbol(")");
    return "count";
  }
  const names = [first];
  while (reader.takeSymbol(",")) names.push(reader.name());
  return names;
}

/** AND and OR have no order of precedence: without parentheses they do not mix. */
function readCondition(reader: Reader): Condition {
  const first = readTerm(reader);
  const word = reader.isWord("AND") ? "AND" : reader.isWord("OR") ? "OR" : null;
  if (word === null) return first;
  const parts = [first];
  while (reader.takeWord(word)) parts.push(readTerm(reader));
  if (reader.isWord("AND") || reader.isWord("OR")) reader.fail();
  return { kind: word === "AND" ? "and" : "or", parts };
}

function readTerm(reader: Reader): Condition {
  if (reader.takeWord("NOT")) return { kind: "not", part: readTerm(reader) };
  if (reader.takeSymbol("(")) {
    const inner = readCondition(reader);
    reader.expectSymbol(")");
    return inner;
  }
  const field = reader.name();
  const negated = reader.takeWord("NOT");
  if (reader.takeWord("IN")) return { kind: "in", field, negated, literals: readList(reader) };
  if (negated) reader.fail();
  return { kind: "compare", field, operator: readOperator(reader), literal: readLiteral(reader) };
}

function readOperator(reader: Reader): Operator {
  if (reader.takeWord("LIKE")) return "LIKE";
  for (const operator of OPERATORS) {
    if (reader.takeSymbol(operator)) return (operator === "<>" ? "!=" : operator) as Operator;
  }
  return reader.fail();
}

function readList(reader: Reader): Literal[] {
  reader.expectSymbol("(");
  const literals = [readLiteral(reader)];
  while (reader.takeSymbol(",")) literals.push(readLiteral(reader));
  reader.expectSymbol(")");
  return literals;
}

function readLiteral(reader: Reader): Literal {
  if (reader.takeWord("NULL")) return { kind: "null" };
  if (reader.takeWord("TRUE")) return { kind: "boolean", value: true };
  if (reader.takeWord("FALSE")) return { kind: "boolean", value: false };
  const string = reader.takeKind("string");
  if (string !== null) return { kind: "string", value: string };
  const number = reader.takeKind("number");
  if (number !== null) return { kind: "number", value: Number(number) };
  const datetime = reader.takeKind("datetime");
  if (datetime !== null) return { kind: "datetime", value: instantOf(datetime) };
  const date = reader.takeKind("date");
  if (date !== null) return { kind: "date", value: instantOf(`${date}T00:00:00Z`) };
  return reader.fail();
}

function instantOf(text: string): number {
  const time = Date.parse(text.toUpperCase());
  if (Number.isNaN(time)) throw malformedQuery(`Invalid date: ${text}`);
  return time;
}

function readOrderBy(reader: Reader): Ordering[] {
  reader.expectWord("BY");
  const orderings: Ordering[] = [];
  do {
    const field = reader.name();
    const descending = reader.takeWord("DESC") || (reader.takeWord("ASC") && false);
    let nullsLast = false;
    if (reader.takeWord("NULLS")) {
      nullsLast = reader.takeWord("LAST");
      if (!nullsLast) reader.expectWord("FIRST");
    }
    orderings.push({ field, descending, nullsLast });
  } while (reader.takeSymbol(","));
  return orderings;
}

function readLimit(reader: Reader): number {
  const text = reader.takeKind("number");
  if (text === null || !/^\d+$/.test(text)) return reader.fail();
  return Number(text);
}
