/** What an error answer of Salesforce means for the run. Pure. */
import type { Classify, RawResponse } from "@bizops/http-client";
import {
  AuthError,
  ConfigError,
  ContractError,
  type JsonObject,
  QuotaError,
  UnavailableError,
} from "@bizops/singer";

/** The server no longer knows the cursor of a query; a new query has to take over. */
export class QueryLocatorExpiredError extends UnavailableError {}

/** The query takes the server too long; a smaller window may not. */
export class QueryTimeoutError extends UnavailableError {}

/** A job is not there any more, or was made with another version of the API. */
export class JobGoneError extends ContractError {}

/** The Bulk API does not take queries about the object. */
export class NotInBulkError extends ContractError {}

/** The share of the day's bulk queries is used; those of the REST API may not be. */
export class BulkAllowanceError extends QuotaError {}

/**
 * Salesforce says what is wrong in `errorCode`; the status is often just 400.
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/errorcodes.htm
 */
export const classifyError: Classify = (response, answered) => {
  if (response.status < 400) return undefined;
  const { errorCode, message } = readErrorBody(response);
  if (errorCode === undefined) return undefined;
  const text = `${answered} ${errorCode}`;
  switch (errorCode) {
    case "INVALID_SESSION_ID":
      return { action: "renew", reason: errorCode };
    case "REQUEST_LIMIT_EXCEEDED":
      return new QuotaError(
        `${text}: the organisation's API requests are used up; run again when they are renewed`,
      );
    case "INVALID_QUERY_LOCATOR":
      return new QueryLocatorExpiredError(text);
    case "QUERY_TIMEOUT":
      return new QueryTimeoutError(`${text}: select fewer fields or set a later start_date`);
    case "INVALIDENTITY":
    case "FUNCTIONALITY_NOT_ENABLED":
      return new NotInBulkError(
        `${text}: the Bulk API cannot read it; set api_type to auto or rest`,
      );
    case "NOT_FOUND":
      return new JobGoneError(text);
    case "SERVER_UNAVAILABLE":
    case "UNABLE_TO_LOCK_ROW":
      return { action: "retry", reason: errorCode };
    case "API_DISABLED_FOR_ORG":
    case "API_CURRENTLY_DISABLED":
    case "INSUFFICIENT_ACCESS":
      return new AuthError(`${text}: the user may not use the API or this object`);
    case "UNSUPPORTED_API_VERSION":
      return new ConfigError(`${text}: change api_version`);
    case "INVALID_FIELD":
    case "INVALID_TYPE":
      return new ContractError(`${text}${namedIn(message)}: discover again, or deselect it`);
    default:
      return byStatus(response, errorCode, text);
  }
};

function byStatus({ status }: RawResponse, errorCode: string, text: string) {
  // All we send are reads, which may be repeated.
  if (status === 429 || status >= 500) return { action: "retry" as const, reason: errorCode };
  if (status === 401) return undefined;
  if (status === 409) return new JobGoneError(text);
  return status === 403 ? new AuthError(text) : new ContractError(text);
}

function readErrorBody(response: RawResponse): { errorCode?: string; message?: string } {
  const body = response.json();
  const first = (Array.isArray(body) ? body[0] : body) as JsonObject | null | undefined;
  const { errorCode, message } = first ?? {};
  return {
    ...(typeof errorCode === "string" && /^[A-Z_]+$/.test(errorCode) && { errorCode }),
    ...(typeof message === "string" && { message }),
  };
}

/** The field or object a message is about; the rest of it quotes the query. */
function namedIn(message: string | undefined): string {
  const name = /(?:No such column|sObject type) '(\w{1,80})'/.exec(message ?? "")?.[1];
  return name === undefined ? "" : ` (${name})`;
}
