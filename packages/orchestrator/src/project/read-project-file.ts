/** The text of `bizops.yml` -> its content: variables filled in, checked. Pure. */
import type { JsonValue } from "@bizops/singer";
import { type Document, visit } from "yaml";
import { parseYaml } from "./read-yaml.ts";

/** A checked file. */
export interface ProjectContent {
  readonly content: JsonValue;
  /** Variables that are not set, and where they are wanted. */
  readonly missing: readonly MissingVariable[];
  /** Where a key or item stands, as `FILE:LINE`. */
  place(path: readonly string[]): string;
}

export interface MissingVariable {
  readonly name: string;
  /** The keys that lead to it. */
  readonly path: readonly string[];
}

/**
 * @param file its name, for messages
 * @throws ConfigError naming the line that is wrong
 */
export function readProjectFile(
  text: string,
  file: string,
  environment: NodeJS.ProcessEnv,
): ProjectContent {
  const missing: MissingVariable[] = [];
  const { content, lineOf } = parseYaml(text, file, "project", (document) => {
    missing.push(...fillVariables(document, environment));
  });
  return { content, missing, place: (path) => `${file}:${lineOf(path)}` };
}

/** Variables are filled in where they stand, so that lines stay what they are. A missing one is left in place. */
function fillVariables(document: Document, environment: NodeJS.ProcessEnv): MissingVariable[] {
  const missing: MissingVariable[] = [];
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === "key" || typeof node.value !== "string") return;
      node.value = node.value.replace(/\$\{(\w+)\}/g, (whole, name: string) => {
        const found = environment[name];
        if (found === undefined) missing.push({ name, path: pathOf(key, ancestors) });
        return found ?? whole;
      });
    },
  });
  return missing;
}

function pathOf(key: unknown, ancestors: readonly unknown[]): string[] {
  const above = ancestors.flatMap((node) => {
    const pair = node as { key?: { value?: unknown } };
    return pair.key?.value === undefined ? [] : [String(pair.key.value)];
  });
  return typeof key === "number" ? [...above, String(key)] : above;
}
