/** Zuora's ways of saying no: by status, or with HTTP 200 and `success: false` or `status: "error"`. */
import { jsonReply, type Reply } from "../http/exchange.ts";

/** Thrown anywhere below a request; the API turns it into its reply. */
export class ZuoraError extends Error {
  readonly reply: Reply;

  constructor(message: string, reply: Reply) {
    super(message);
    this.reply = reply;
  }
}

/** The style of the REST API. */
export function reasons(status: number, code: number, message: string): Reply {
  return jsonReply(status, { success: false, processId: "0", reasons: [{ code, message }] });
}

/** The style of AQuA: HTTP 200. */
export function aquaError(errorCode: string, message: string): ZuoraError {
  return new ZuoraError(message, jsonReply(200, { status: "error", errorCode, message }));
}

/** The style of the CRUD API, which exports belong to. */
export function invalidValue(message: string): ZuoraError {
  return new ZuoraError(
    message,
    jsonReply(400, { Success: false, Errors: [{ Code: "INVALID_VALUE", Message: message }] }),
  );
}
