/** Checks rows against their stream's JSON Schema; reasons name paths and keywords, never values. */
import { ContractError, type JsonSchema, type Row, roundNumbers } from "@bizops/singer";
import { Ajv, type ErrorObject } from "ajv";
import { normaliseSchema } from "./normalise-schema.ts";

/** Returns why a row breaks its schema, or undefined. */
export type RowValidator = (row: Row) => string | undefined;

/**
 * Formats are left to the columns, which know what PostgreSQL can hold; `multipleOf` is not checked, as
 * decimals are exact here and a validator's doubles are not.
 * @throws ContractError if the schema itself is unusable
 */
export function compileValidator(stream: string, schema: JsonSchema): RowValidator {
  // allErrors makes flat code; the nested kind overflows the stack at some 1,500 properties.
  const options = { strict: false, validateFormats: false, allErrors: true, ownProperties: true };
  const ajv = new Ajv({ ...options, logger: false });
  ajv.removeKeyword("multipleOf");
  let validate: ReturnType<Ajv["compile"]>;
  try {
    validate = ajv.compile(normaliseSchema(schema));
  } catch (cause) {
    throw new ContractError(`SCHEMA of ${stream} is not a usable JSON Schema`, { cause });
  }
  return (row) => (validate(roundNumbers(row)) ? undefined : describe(validate.errors?.[0]));
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
