/** A cell of Zuora's CSV, which is not null -> JSON, by the type of its field. Pure. */
import { ContractError, type JsonValue, parseJson } from "@bizops/singer";

/** @param field for the message, which never tells the value @throws ContractError if it is not of its type */
export function convertCell(field: string, type: string, cell: string): JsonValue {
  switch (type) {
    case "boolean":
      return convertBoolean(field, cell);
    case "integer":
    case "decimal":
      return convertNumber(field, type, cell);
    case "date": {
      const day = /^\d{4}-\d\d-\d\d(?=$|T|\s)/.exec(cell)?.[0];
      return day ?? refuse(field, type);
    }
    case "datetime":
      return convertDateTime(field, cell);
    case "id":
      // All of Zuora's ids have 32 characters or more.
      return cell.length < 32 ? refuse(field, type) : cell;
    default:
      return cell;
  }
}

function convertBoolean(field: string, cell: string): boolean {
  if (/^true$/i.test(cell)) return true;
  if (/^false$/i.test(cell)) return false;
  return refuse(field, "boolean");
}

/** Java's spelling: nine places, large numbers and zero in scientific form (`1.5E+10`, `0E-9`). No digit is lost. */
function convertNumber(field: string, type: string, cell: string): JsonValue {
  const text = cell.replace(/^\+/, "").replace(/^(-?)\./, "$10.");
  const isNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  if (!isNumber) return refuse(field, type);
  return parseJson(type === "integer" ? text.replace(/\.0+$/, "") : text);
}

/** The offset is honoured; AQuA's are UTC, those of exports the tenant's. */
function convertDateTime(field: string, cell: string): string {
  const time = /T.*(Z|[+-]\d\d:?\d\d)$/.test(cell) ? Date.parse(cell) : Number.NaN;
  return Number.isNaN(time) ? refuse(field, "datetime") : new Date(time).toISOString();
}

function refuse(field: string, type: string): never {
  throw new ContractError(`${field} holds what is no ${type}; Zuora's file is broken`);
}
