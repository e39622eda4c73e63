/** Cuts SOQL text into tokens. */
import { malformedQuery } from "../vendor-error.ts";

export type TokenKind = "word" | "string" | "number" | "date" | "datetime" | "symbol" | "end";

export interface Token {
  readonly kind: TokenKind;
  /** As written; of a string, its value. */
  readonly text: string;
  /** Where it starts, from 0. */
  readonly at: number;
}

const DATE_TIME = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)/iy;
const DATE = /\d{4}-\d\d-\d\d(?![\dT])/y;
const NUMBER = /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w-])/y;
const WORD = /[A-Za-z_][\w.]*/y;
const SYMBOL = /!=|<>|<=|>=|[=<>(),]/y;
const STRING = /'((?:[^'\\]|\\[\s\S])*)'/y;

/** @throws VendorError MALFORMED_QUERY at the first character that starts no token */
export function scanSoql(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const take = (pattern: RegExp, kind: TokenKind): boolean => {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (!match) return false;
    tokens.push({ kind, text: kind === "string" ? unescapeText(match[1]!) : match[0], at });
    at = pattern.lastIndex;
    return true;
  };
  while (at < text.length) {
    if (/\s/.test(text[at]!)) {
      at++;
      continue;
    }
    const taken =
      take(DATE_TIME, "datetime") ||
      take(DATE, "date") ||
      take(NUMBER, "number") ||
      take(WORD, "word") ||
      take(STRING, "string") ||
      take(SYMBOL, "symbol");
    if (!taken)
      throw malformedQuery(`line 1:${at} no viable alternative at character '${text[at]}'`);
  }
  tokens.push({ kind: "end", text: "<EOF>", at });
  return tokens;
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f" };

function unescapeText(body: string): string {
  return body.replace(/\\([\s\S])/g, (_all, char: string) => ESCAPES[char.toLowerCase()] ?? char);
}
