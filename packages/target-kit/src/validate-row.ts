/** Checks rows against their stream's JSON Schema; reasons name paths and keywords, never values. */
import {
  ContractError,
  type JsonSchema,
  type JsonValue,
  type Row,
  roundNumbers,
} from "@bizops/singer";
import { Ajv, type ErrorObject } from "ajv";
import { normaliseSchema } from "./normalise-schema.ts";

/** A stream's schema, ready to judge. */
export interface Validator {
  /** Why a row breaks it, or undefined. */
  row(row: Row): string | undefined;
  /**
   * A check of one property's values, by the part of the schema that is theirs; references lead where they lead
   * in the whole.
   */
  property(name: string): (value: JsonValue) => boolean;
}

/** What the schema is called within the validator, so that its parts can be asked for. */
const root = "row";

/**
 * Formats are left to the columns, which know what PostgreSQL can hold; `multipleOf` is not checked, as
 * decimals are exact here and a validator's doubles are not.
 * @throws ContractError if the schema itself is unusable
 */
export function compileValidator(stream: string, schema: JsonSchema): Validator {
  // allErrors makes flat code; the nested kind overflows the stack at some 1,500 properties.
  const options = { strict: false, validateFormats: false, allErrors: true, ownProperties: true };
  const ajv = new Ajv({ ...options, logger: false });
  ajv.removeKeyword("multipleOf");
  const usable = <T>(act: () => T): T => {
    try {
      return act();
    } catch (cause) {
      throw new ContractError(`SCHEMA of ${stream} is not a usable JSON Schema`, { cause });
    }
  };
  usable(() => ajv.addSchema(normaliseSchema(schema), root));
  const validate = usable(() => ajv.getSchema(root)!);
  return {
    row: (row) => (validate(roundNumbers(row)) ? undefined : describe(validate.errors?.[0])),
    property(name) {
      const pointer = name.replaceAll("~", "~0").replaceAll("/", "~1");
      const part = `${root}#/properties/${encodeURIComponent(pointer)}`;
      const ofProperty = usable(() => ajv.getSchema(part)!);
      return (value) => ofProperty(roundNumbers(value)) === true;
    },
  };
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
