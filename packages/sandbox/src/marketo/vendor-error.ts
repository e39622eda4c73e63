/** Errors as the vendor words them: HTTP 200 with a code and a message. https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/error-codes */
import { jsonReply, type Reply } from "../http/exchange.ts";

/** Thrown anywhere below a request; the router turns it into the vendor's JSON. */
export class MarketoError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The vendor's JSON for an error; anything else is ours and goes on up. */
export function replyFor(error: unknown): Reply {
  if (!(error instanceof MarketoError)) throw error;
  return jsonReply(200, refusal(error.code, error.message));
}

export function refusal(code: string, message: string): Record<string, unknown> {
  return { requestId: REQUEST_ID, success: false, errors: [{ code, message }] };
}

/** A good answer; without rows the vendor leaves `result` out where it pages. */
export function success(result: unknown, more: object = {}): Reply {
  return jsonReply(200, { requestId: REQUEST_ID, ...more, result, success: true });
}

const REQUEST_ID = "e42b#14272d07d78";
