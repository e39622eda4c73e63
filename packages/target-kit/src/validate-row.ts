/** Checks rows against their stream's JSON Schema; reasons name paths and keywords, never values. */
import {
  ContractError,
  type JsonSchema,
  type JsonValue,
  type Row,
  roundNumbers,
} from "@bizops/singer";
import { Ajv, type ErrorObject, type ValidateFunction } from "ajv";
import { normaliseSchema } from "./normalise-schema.ts";

/** Returns why a row breaks its schema, or undefined. */
export type RowValidator = (row: Row) => string | undefined;

/**
 * Formats are left to the columns, which know what PostgreSQL can hold; `multipleOf` is not checked, as
 * decimals are exact here and a validator's doubles are not.
 * @throws ContractError if the schema itself is unusable
 */
export function compileValidator(stream: string, schema: JsonSchema): RowValidator {
  const { validate } = compile(stream, schema);
  return (row) => (validate(roundNumbers(row)) ? undefined : describe(validate.errors?.[0]));
}

/**
 * Checks values of single properties, by the part of the schema that is theirs; references lead where they lead
 * in the whole.
 * @returns the check of a property; properties that are not declared pass
 * @throws ContractError if the schema itself is unusable
 */
export function compilePropertyValidators(
  stream: string,
  schema: JsonSchema,
): (property: string) => (value: JsonValue) => boolean {
  const { ajv } = compile(stream, schema);
  return (property) => {
    const pointer = property.replaceAll("~", "~0").replaceAll("/", "~1");
    const validate = ajv.getSchema(`${root}#/properties/${encodeURIComponent(pointer)}`);
    return (value) => validate === undefined || validate(roundNumbers(value)) === true;
  };
}

const root = "row";

function compile(stream: string, schema: JsonSchema): { ajv: Ajv; validate: ValidateFunction } {
  // allErrors makes flat code; the nested kind overflows the stack at some 1,500 properties.
  const options = { strict: false, validateFormats: false, allErrors: true, ownProperties: true };
  const ajv = new Ajv({ ...options, logger: false });
  ajv.removeKeyword("multipleOf");
  try {
    ajv.addSchema(normaliseSchema(schema), root);
    return { ajv, validate: ajv.getSchema(root)! };
  } catch (cause) {
    throw new ContractError(`SCHEMA of ${stream} is not a usable JSON Schema`, { cause });
  }
}

function describe(error: ErrorObject | undefined): string {
  if (error === undefined) return "breaks its schema";
  const { instancePath, keyword, params } = error;
  const where = instancePath === "" ? "the record" : instancePath.slice(1).replaceAll("/", ".");
  switch (keyword) {
    case "required":
      return `${where} lacks ${params.missingProperty}`;
    case "type":
      return `${where} is not of type ${[params.type].flat().join(" or ")}`;
    default:
      return `${where} breaks "${keyword}"`;
  }
}
