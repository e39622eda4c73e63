/** Errors as the vendor words them: a status, a code, a message. */

/** Thrown anywhere below a request; the router turns it into the vendor's JSON. */
export class VendorError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** The body that goes with an error. */
export function errorBody(code: string, message: string): string {
  return JSON.stringify([{ message, errorCode: code }]);
}

export function malformedQuery(message: string): VendorError {
  return new VendorError(400, "MALFORMED_QUERY", message);
}

export function invalidField(message: string): VendorError {
  return new VendorError(400, "INVALID_FIELD", message);
}

export function notFound(): VendorError {
  return new VendorError(404, "NOT_FOUND", "The requested resource does not exist");
}
