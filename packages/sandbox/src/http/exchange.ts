/** Requests and replies as plain data, so that what answers them needs no socket. */

export interface Call {
  readonly method: string;
  /** Without the query string. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Sent after the body, piece by piece, for what is too long for one string. */
  readonly more?: Iterable<string | Buffer>;
}

export function jsonReply(status: number, value: unknown, headers: Reply["headers"] = {}): Reply {
  return textReply(status, JSON.stringify(value), "application/json;charset=UTF-8", headers);
}

export function textReply(
  status: number,
  body: string | Buffer,
  contentType: string,
  headers: Reply["headers"] = {},
): Reply {
  return { status, headers: { "content-type": contentType, ...headers }, body };
}

export function emptyReply(status: number, headers: Reply["headers"] = {}): Reply {
  return { status, headers, body: "" };
}
