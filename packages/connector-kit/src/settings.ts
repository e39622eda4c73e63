/** Settings: one JSON Schema is validation, defaults, aliases, environment names and documentation at once. */
import { ConfigError, type JsonObject, type JsonValue } from "@bizops/singer";
import { Ajv } from "ajv";
import addFormatsModule from "ajv-formats";

// ajv-formats is CommonJS; its default export is the module object under Node's ESM.
const addFormats = addFormatsModule as unknown as typeof addFormatsModule.default;

/** One setting. The keywords starting `x-` are ours. */
export interface SettingSchema {
  readonly type:
    | "string"
    | "integer"
    | "number"
    | "boolean"
    | "array"
    | "object"
    | readonly string[];
  readonly description: string;
  readonly default?: JsonValue;
  /** Other names the value is accepted under, for instance those of the tap or target this one replaces. */
  readonly "x-aliases"?: readonly string[];
  /** Environment variables people already set; the canonical `TAP_X_SETTING` needs no mention. */
  readonly "x-env"?: readonly string[];
  /** Never shown, never logged. */
  readonly "x-secret"?: boolean;
  /** Accepted from the environment alone, so that it cannot end up in a file. */
  readonly "x-environment-only"?: boolean;
  readonly [keyword: string]: unknown;
}

/** The settings of a connector. */
export interface SettingsSchema {
  readonly type: "object";
  readonly required?: readonly string[];
  readonly properties: { readonly [name: string]: SettingSchema };
  readonly [keyword: string]: unknown;
}

/** The resolved settings and what in the sources of them nobody knows. */
export interface ResolvedSettings {
  readonly values: { readonly [name: string]: JsonValue };
  readonly unknown: readonly string[];
}

/** `tap-salesforce` -> `TAP_SALESFORCE_`. */
export function environmentPrefix(connector: string): string {
  return `${connector.replace(/-/g, "_").toUpperCase()}_`;
}

/** The environment variables a setting is read from, the canonical one first. */
export function environmentNames(connector: string, name: string, schema: SettingSchema): string[] {
  const canonical = environmentPrefix(connector) + name.toUpperCase();
  return [canonical, ...(schema["x-env"] ?? [])];
}

/**
 * Resolves settings. A later source wins over an earlier one; the environment fills what no source says,
 * defaults fill the rest. Environment texts are read by the setting's type (`true`, `12`, JSON).
 * @param sources parsed config files in the order given; `"ENV"` stands for the environment at that place
 * @throws ConfigError listing every setting that is wrong or missing; never a value
 */
export function resolveSettings(
  connector: string,
  schema: SettingsSchema,
  sources: readonly (JsonObject | "ENV")[],
  environment: NodeJS.ProcessEnv,
): ResolvedSettings {
  const fromEnvironment = readEnvironment(connector, schema, environment);
  const canonicalNames = new Map<string, string>();
  for (const [name, setting] of Object.entries(schema.properties)) {
    for (const spelling of [name, ...(setting["x-aliases"] ?? [])]) {
      if (!canonicalNames.has(spelling)) canonicalNames.set(spelling, name);
    }
  }

  const values: { [name: string]: JsonValue } = {};
  const unknown: string[] = [];
  for (const [name, setting] of Object.entries(schema.properties)) {
    if (setting.default !== undefined) values[name] = setting.default;
  }
  Object.assign(values, fromEnvironment);
  for (const source of sources) {
    if (source === "ENV") {
      Object.assign(values, fromEnvironment);
      continue;
    }
    for (const [spelling, value] of Object.entries(source)) {
      const name = canonicalNames.get(spelling);
      if (name === undefined) unknown.push(spelling);
      else if (schema.properties[name]?.["x-environment-only"]) {
        throw new ConfigError(
          `${spelling} is a secret that may not stand in a config file; set ${environmentNames(connector, name, schema.properties[name]).at(-1)} in the environment`,
        );
      } else if (name === spelling || !(name in source)) values[name] = value;
    }
  }
  validate(connector, schema, values);
  return { values, unknown };
}

function readEnvironment(
  connector: string,
  schema: SettingsSchema,
  environment: NodeJS.ProcessEnv,
): JsonObject {
  const found = Object.entries(schema.properties).flatMap(([name, setting]) => {
    const variable = environmentNames(connector, name, setting).find((key) => environment[key]);
    return variable === undefined
      ? []
      : [[name, readText(variable, environment[variable]!, setting)] as const];
  });
  return Object.fromEntries(found);
}

function readText(variable: string, text: string, setting: SettingSchema): JsonValue {
  const types = [setting.type].flat();
  if (types.includes("string") && !/^\s*[[{]/.test(text)) return text;
  if (types.includes("boolean")) {
    if (/^(true|1|yes|on)$/i.test(text)) return true;
    if (/^(false|0|no|off)$/i.test(text)) return false;
    throw new ConfigError(`${variable} must be true or false`);
  }
  if (types.includes("integer") || types.includes("number")) {
    if (text.trim() !== "" && Number.isFinite(Number(text))) return Number(text);
    throw new ConfigError(`${variable} must be a number`);
  }
  if (types.includes("array") && !/^\s*\[/.test(text)) {
    return text.split(",").map((item) => item.trim());
  }
  try {
    return JSON.parse(text);
  } catch {
    if (types.includes("string")) return text;
    throw new ConfigError(`${variable} must be JSON`);
  }
}

function validate(connector: string, schema: SettingsSchema, values: JsonObject): void {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats(ajv);
  const check = ajv.compile(schema);
  if (check(values)) return;
  const problems = (check.errors ?? [])
    .filter(({ keyword }) => keyword !== "anyOf")
    .map(({ instancePath, keyword, message, params }) => {
      if (keyword === "required") {
        const name = String(params.missingProperty);
        const setting = schema.properties[name];
        const variable = setting && environmentNames(connector, name, setting).at(-1);
        return `${name} is missing${variable ? ` (or set ${variable})` : ""}`;
      }
      if (keyword === "enum") {
        return `${instancePath.slice(1)} must be one of ${params.allowedValues.join(", ")}`;
      }
      return `${instancePath.slice(1).replaceAll("/", ".")} ${message}`;
    });
  throw new ConfigError(`${connector} settings: ${[...new Set(problems)].join("; ")}`);
}
