/** A YAML file that people write, checked against its JSON Schema, every error with its line. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { ConfigError, type JsonValue } from "@bizops/singer";
import { Ajv, type ErrorObject } from "ajv";
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";

/** What a file holds and where. */
export interface YamlFile {
  readonly content: JsonValue;
  /** Keeps comments and order when it is written again. */
  readonly document: Document;
  /** The line of a key or item, or of the nearest one above it that is there; from 1. */
  lineOf(path: readonly (string | number)[]): number;
}

/**
 * @param schemaName of `@bizops/schemas`, such as `project`
 * @throws ConfigError naming the lines and what is wrong with them
 */
export function readYaml(file: string, schemaName: string): YamlFile {
  return parseYaml(readFileSync(file, "utf8"), file, schemaName);
}

/**
 * @param file its name, for messages
 * @param prepare changes values before they are checked
 * @throws ConfigError as `readYaml` does
 */
export function parseYaml(
  text: string,
  file: string,
  schemaName: string,
  prepare: (document: Document) => void = () => {},
): YamlFile {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter });
  const lineAt = (offset: number) => lineCounter.linePos(offset).line;
  const [syntax] = document.errors;
  if (syntax) {
    throw new ConfigError(`${file}:${lineAt(syntax.pos[0])}: not valid YAML (${syntax.code})`);
  }
  prepare(document);
  const content = document.toJS() as JsonValue;
  const lineOf = (path: readonly (string | number)[]) => lineAt(findOffset(document, path));
  const place = (path: readonly string[]) => `${file}:${lineOf(path)}`;
  const errors = validate(content, schemaName);
  if (errors.length > 0) throw new ConfigError(errors.map(describe(place)).join("; "));
  return { content, document, lineOf };
}

/** The deepest errors say most: those of the alternatives of a `oneOf` are worth more than that none fits. */
function validate(content: JsonValue, schemaName: string): ErrorObject[] {
  const schema = createRequire(import.meta.url)(`@bizops/schemas/${schemaName}.schema.json`);
  const check = new Ajv({ allErrors: true, strict: false }).compile(schema);
  if (check(content)) return [];
  const errors = (check.errors ?? []).filter(({ keyword }) => keyword !== "if");
  const told = errors.filter(
    ({ keyword, instancePath, params }) =>
      keyword !== "oneOf" &&
      !(keyword === "type" && params.type === "string" && isObjectAt(content, instancePath)),
  );
  return told.length > 0 ? told : errors;
}

/** Where an object stands, that it is no string is not what is wrong with it. */
function isObjectAt(content: JsonValue, pointer: string): boolean {
  let value: unknown = content;
  for (const key of readPointer(pointer)) value = (value as { [key: string]: unknown })[key];
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function describe(place: (path: readonly string[]) => string) {
  return ({ keyword, message, params, instancePath, propertyName }: ErrorObject): string => {
    const path = readPointer(instancePath);
    const where = path.join(".") || "the file";
    switch (keyword) {
      case "additionalProperties": {
        const key = String(params.additionalProperty);
        return `${place([...path, key])}: ${where} has an unknown key ${key}`;
      }
      case "required":
        return `${place(path)}: ${where} needs ${params.missingProperty}`;
      case "enum":
        return `${place(path)}: ${where} must be one of ${params.allowedValues.join(", ")}`;
      case "propertyNames":
        return `${place([...path, params.propertyName])}: ${where} cannot have the name ${params.propertyName}`;
      default:
        return propertyName === undefined
          ? `${place(path)}: ${where} ${message ?? keyword}`
          : `${place([...path, propertyName])}: ${where}: the name ${propertyName} ${message}`;
    }
  };
}

function readPointer(pointer: string): string[] {
  const parts = pointer.split("/").slice(1);
  return parts.map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** Where the key at the end of a path stands; as far as the path goes. */
function findOffset(document: Document, path: readonly (string | number)[]): number {
  let node: unknown = document.contents;
  let offset = 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find(
        ({ key }) => isScalar(key) && String(key.value) === String(step),
      );
      if (pair === undefined) return offset;
      offset = (pair.key as { range?: [number] }).range?.[0] ?? offset;
      node = pair.value;
    } else if (isSeq(node)) {
      node = node.items[Number(step)];
      offset = (node as { range?: [number] } | undefined)?.range?.[0] ?? offset;
    }
  }
  return offset;
}
