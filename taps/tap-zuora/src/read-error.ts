/** What an error answer of Zuora means for the run. Pure. */
import type { Classify } from "@bizops/http-client";
import { AuthError, ContractError, type JsonObject, type JsonValue } from "@bizops/singer";

/** What was asked for is not there, or not any more. */
export class NotFoundError extends ContractError {}

/** An export's query was refused; `reason` is Zuora's text, to look for names of fields in, not to be shown. */
export class RefusedQueryError extends ContractError {
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(message);
    this.reason = reason;
  }
}

/**
 * Errors come with any status, 200 included: `success: false` with reasons, whose code ends in two digits that
 * tell the kind, or `Success: false` with Errors. AQuA's `status: "error"` is left to who asked.
 * https://developer.zuora.com/docs/get-started/error-handling/
 */
export const classifyError: Classify = (response, answered) => {
  const body = response.json();
  if (typeof body !== "object" || body === null || Array.isArray(body)) {
    return response.status === 404 ? new NotFoundError(answered) : undefined;
  }
  const { success, Success, reasons, Errors } = body as JsonObject;
  if (Success === false) return readExportError(Errors, answered);
  if (success !== false) return response.status === 404 ? new NotFoundError(answered) : undefined;
  const code = codeOf(reasons);
  const text = `${answered}${code === undefined ? "" : ` code ${code}`}`;
  switch (code?.slice(-2)) {
    case "10":
      return new AuthError(`${text}: the user lacks a permission`);
    case "11":
      return { action: "renew", reason: `code ${code}` };
    case "40":
      return new NotFoundError(text);
    case "50":
    case "60":
    case "61":
    case "70":
      return { action: "retry", reason: `code ${code}` };
    default:
      return response.status < 300 ? new ContractError(text) : undefined;
  }
};

function readExportError(errors: JsonValue | undefined, answered: string) {
  const first = (Array.isArray(errors) ? errors[0] : undefined) as JsonObject | undefined;
  const { Code, Message } = first ?? {};
  const code = typeof Code === "string" && /^[A-Z_]{1,40}$/.test(Code) ? Code : "an error";
  const text = `${answered} ${code}`;
  switch (code) {
    case "LOCK_COMPETITION":
    case "REQUEST_EXCEEDED_LIMIT":
    case "SERVER_UNAVAILABLE":
    case "TEMPORARY_ERROR":
      return { action: "retry" as const, reason: code };
    case "INVALID_VALUE":
    case "INVALID_FIELD":
      return new RefusedQueryError(text, String(Message ?? ""));
    default:
      return new ContractError(text);
  }
}

function codeOf(reasons: JsonValue | undefined): string | undefined {
  const first = (Array.isArray(reasons) ? reasons[0] : undefined) as JsonObject | undefined;
  const code = String(first?.code ?? "");
  return /^\d{2,12}$/.test(code) ? code : undefined;
}
