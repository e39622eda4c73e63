/** What an error answer of Marketo means for the run. Pure. */
import type { Classify } from "@bizops/http-client";
import {
  AuthError,
  ConfigError,
  ContractError,
  type JsonObject,
  QuotaError,
  UnavailableError,
} from "@bizops/singer";

/** Ten exports are queued, ours or others'; there will be room. */
export class QueueFullError extends UnavailableError {}

/** The subscription cannot export leads by the time of their update. */
export class FilterUnsupportedError extends ConfigError {}

/** Marketo does not know, or does not do, what was asked for. */
export class RefusedError extends ContractError {}

/** Codes of something that may pass, or of a request that was not carried out. */
const passing = new Set(["502", "604", "606", "608", "611", "615", "713", "714", "719"]);

/**
 * Errors are HTTP 200 with `success: false` and a code.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes
 */
export const classifyError: Classify = (response, answered) => {
  if (response.status === 404) return new RefusedError(answered);
  if (response.status !== 200) return undefined;
  const { success, errors } = (response.json() ?? {}) as JsonObject;
  if (success !== false) return undefined;
  const first = (Array.isArray(errors) ? errors[0] : undefined) as JsonObject | undefined;
  const code = /^\w{1,10}$/.test(String(first?.code)) ? String(first?.code) : "without a code";
  const message = typeof first?.message === "string" ? first.message : "";
  const text = `${answered} with error ${code}`;
  if (passing.has(code)) return { action: "retry", reason: code };
  switch (code) {
    case "600":
    case "601":
    case "602":
      return { action: "renew", reason: code };
    case "603":
      return new AuthError(`${text}: the role of the API user lacks a permission`);
    case "607":
      return new QuotaError(
        `${text}: the subscription's API calls of the day are used up; run again after midnight US Central`,
      );
    case "1029":
      return readExportLimit(message, text);
    case "1035":
      return new FilterUnsupportedError(`${text}: the subscription lacks the updatedAt filter`);
    case "1003":
    case "1006":
      return new RefusedError(`${text}: discover again, or deselect what is not there any more`);
    default:
      return new RefusedError(text);
  }
};

/** "1029, Too many jobs in queue", "1029, Export daily quota exceeded", and more. */
function readExportLimit(message: string, text: string) {
  if (/queue/i.test(message)) return new QueueFullError(`${text}: the export queue is full`);
  if (/quota/i.test(message)) {
    return new QuotaError(
      `${text}: the day's export allowance is used up; run again after midnight US Central`,
    );
  }
  return new RefusedError(text);
}
