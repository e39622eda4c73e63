/** Puts replies on the wire, whole or spoilt as a fault wants it. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { constants, createGzip, gzip } from "node:zlib";
import type { Reply } from "./exchange.ts";

const gzipText = promisify(gzip);
/** Not worth packing below this many characters. */
const PACK_FROM = 1024;
const QUICK = { level: constants.Z_BEST_SPEED };

/** Sends a reply, packed where the client takes gzip. */
export async function sendReply(
  request: IncomingMessage,
  response: ServerResponse,
  reply: Reply,
): Promise<void> {
  // A range counts bytes as they are unpacked.
  const packs =
    reply.status !== 206 && /\bgzip\b/.test(String(request.headers["accept-encoding"] ?? ""));
  if (reply.more) {
    response.writeHead(reply.status, packs ? packedHeaders(reply) : reply.headers);
    const source = Readable.from(reply.more);
    if (packs) await pipeline(source, createGzip(QUICK), response);
    else await pipeline(source, response);
    return;
  }
  if (packs && reply.body.length >= PACK_FROM) {
    const packed = await gzipText(reply.body, QUICK);
    response.writeHead(reply.status, { ...packedHeaders(reply), "content-length": packed.length });
    response.end(packed);
    return;
  }
  const bytes = typeof reply.body === "string" ? Buffer.from(reply.body) : reply.body;
  const hasLength = reply.status !== 204 && reply.status !== 304;
  response.writeHead(
    reply.status,
    hasLength ? { ...reply.headers, "content-length": bytes.length } : reply.headers,
  );
  response.end(bytes);
}

function packedHeaders(reply: Reply): Record<string, string> {
  return { ...reply.headers, "content-encoding": "gzip", vary: "Accept-Encoding" };
}

/** Promises the whole body, sends its first bytes, then breaks the connection. */
export function sendThenReset(response: ServerResponse, reply: Reply, afterBytes: number): void {
  const bytes = wholeBody(reply);
  response.writeHead(reply.status, { ...reply.headers, "content-length": bytes.length });
  response.write(bytes.subarray(0, Math.min(afterBytes, bytes.length - 1)), () => {
    response.socket?.resetAndDestroy();
  });
}

/** Sends the first bytes only and ends as if they were all: nothing on the wire tells of the loss. */
export function sendTruncated(response: ServerResponse, reply: Reply, afterBytes: number): void {
  response.writeHead(reply.status, reply.headers);
  response.end(wholeBody(reply).subarray(0, afterBytes));
}

function wholeBody(reply: Reply): Buffer {
  return Buffer.concat([reply.body, ...(reply.more ?? [])].map((piece) => Buffer.from(piece)));
}
