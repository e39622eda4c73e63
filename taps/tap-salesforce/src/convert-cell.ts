/** Cells of bulk CSV -> the very values the REST API gives for the same rows. Pure. */
import { ContractError, isLosslessNumber, type JsonValue, parseJson } from "@bizops/singer";
import { toUtc } from "./soql.ts";

const numberTypes = new Set("int long double currency percent".split(" "));

/**
 * @param column the object's and the field's name, for messages
 * @param type as describe tells it
 * @throws ContractError from the converter, if a cell is not of its type; the cell is not quoted
 */
export function cellConverter(column: string, type: string): (cell: string) => JsonValue {
  if (type === "boolean") return (cell) => readBoolean(cell, column);
  if (numberTypes.has(type)) return (cell) => readNumber(cell, column);
  if (type === "datetime") return (cell) => toUtc(cell) ?? cell;
  return (cell) => cell;
}

function readBoolean(cell: string, column: string): boolean {
  if (cell === "true") return true;
  if (cell === "false") return false;
  throw new ContractError(`a cell of ${column} is not a boolean`);
}

/** Whole numbers come as `5.0`, and fifteen characters always fit into a double. */
function readNumber(cell: string, column: string): JsonValue {
  if (cell.length < 16 && /^-?\d+(?:\.\d+)?$/.test(cell)) return Number(cell);
  try {
    const value = parseJson(cell);
    if (typeof value === "number" || isLosslessNumber(value)) return value;
  } catch {
    // Told below: the parser's message quotes the cell.
  }
  throw new ContractError(`a cell of ${column} is not a number`);
}
