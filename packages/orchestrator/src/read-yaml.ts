/** A YAML file that people write, checked against its JSON Schema, with the line of everything in it. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ConfigError, type JsonValue } from "@bizops/singer";
import { Ajv, type ErrorObject } from "ajv";
import { type Document, isMap, isScalar, LineCounter, parseDocument } from "yaml";

/** What a file holds and where. */
export interface YamlFile {
  readonly content: JsonValue;
  /** Keeps comments and order when it is written again. */
  readonly document: Document;
  /** The line of a key, or of the nearest one above it that is there; from 1. */
  lineOf(path: readonly (string | number)[]): number;
}

/**
 * @param schemaName of `@bizops/schemas`, such as `project`
 * @throws ConfigError naming the line and what is wrong with it
 */
export function readYaml(file: string, schemaName: string): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(readFileSync(file, "utf8"), { lineCounter });
  const [syntax] = document.errors;
  if (syntax) {
    const { line } = lineCounter.linePos(syntax.pos[0]);
    throw new ConfigError(`${file}:${line}: not valid YAML (${syntax.code})`);
  }
  const lineOf = (path: readonly (string | number)[]) =>
    lineCounter.linePos(findStart(document, path)).line;
  const content = document.toJS() as JsonValue;
  const schema = createRequire(import.meta.url)(`@bizops/schemas/${schemaName}.schema.json`);
  const validate = new Ajv({ allErrors: true, strict: false }).compile(schema);
  if (validate(content)) return { content, document, lineOf };
  const [error] = validate.errors ?? [];
  const path = error!.instancePath
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const unknown = error!.params.additionalProperty as string | undefined;
  const line = lineOf(unknown === undefined ? path : [...path, unknown]);
  throw new ConfigError(`${file}:${line}: ${path.join(".") || "the file"} ${explain(error!)}`);
}

/** Where the key of a path begins; of a list's entry, where the entry does. */
function findStart(document: Document, path: readonly (string | number)[]): number {
  if (path.length === 0) return document.contents?.range?.[0] ?? 0;
  const above = path.slice(0, -1);
  const parent = above.length === 0 ? document.contents : document.getIn(above, true);
  const pair = isMap(parent)
    ? parent.items.find(({ key }) => isScalar(key) && String(key.value) === String(path.at(-1)))
    : undefined;
  const node = (pair?.key ?? document.getIn(path, true)) as { range?: [number] } | undefined;
  return node?.range?.[0] ?? findStart(document, above);
}

function explain({ keyword, message, params }: ErrorObject): string {
  if (keyword === "additionalProperties") return `has an unknown key ${params.additionalProperty}`;
  if (keyword === "required") return `needs ${params.missingProperty}`;
  if (keyword === "enum") return `${message}: ${params.allowedValues.join(", ")}`;
  return message ?? keyword;
}
