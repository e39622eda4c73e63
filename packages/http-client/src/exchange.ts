/** One request and its whole answer, over axios; nothing of axios leaves this file. */
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";
import { createGunzip, gunzip } from "node:zlib";
import { type JsonValue, parseJson, SingerError } from "@bizops/singer";
import axios from "axios";
import type { SpoolFile } from "./spool-file.ts";

/** Header names are in lower case. */
export type HttpHeaders = { readonly [name: string]: string };

/** An answer whose body has arrived whole. */
export interface RawResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
  readonly text: string;
  /** The body as JSON, parsed once; undefined if it is none. */
  json(): JsonValue | undefined;
}

/** No whole answer: the code Node or axios gave, or `TIMEOUT`. */
export interface ConnectionFailure {
  readonly failure: string;
}

/** What goes over the wire. */
export interface Exchange {
  readonly method: string;
  readonly url: string;
  readonly headers: HttpHeaders;
  /** Headers that may not follow a redirect to another host. */
  readonly secretHeaders: readonly string[];
  readonly body: string | Buffer | undefined;
  /** From the connection to the body's last byte; into a file, to each next part of it. */
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

/**
 * @returns the answer, whatever its status, or how the connection failed
 * @throws the signal's reason once it is aborted
 */
export function exchange(request: Exchange): Promise<RawResponse | ConnectionFailure> {
  return send<Buffer>(request, "arraybuffer", async ({ status, headers, data }) =>
    toRawResponse(status, headers, await readText(data, headers["content-encoding"])),
  );
}

/**
 * Like `exchange`, but the body of a good answer goes into a file, where `text` is blank then. JSON, which is
 * how vendors word an error under a good status, stays a text.
 * @param ranged asks for what the file does not hold yet
 * @throws UnavailableError if the file cannot be written
 */
export async function exchangeToFile(
  request: Exchange,
  file: SpoolFile,
  ranged: boolean,
): Promise<RawResponse | ConnectionFailure> {
  await file.settle();
  const headers = {
    ...request.headers,
    // A part of a packed body cannot be unpacked by itself.
    ...(ranged && { "Accept-Encoding": "identity" }),
    ...(ranged && file.size > 0 && { Range: `bytes=${file.size}-` }),
  };
  return send<Readable>({ ...request, headers }, "stream", async (response, onProgress) => {
    const { status, headers, data } = response;
    const isPacked = headers["content-encoding"] === "gzip";
    const isFile = status < 300 && !/\bjson\b/.test(String(headers["content-type"] ?? ""));
    if (!isFile) {
      const chunks: Buffer[] = [];
      for await (const chunk of data) chunks.push(chunk as Buffer);
      const text = await readText(Buffer.concat(chunks), headers["content-encoding"]);
      return toRawResponse(status, headers, text);
    }
    if (status !== 206) await file.clear();
    const append = async (source: AsyncIterable<Buffer>) => {
      for await (const chunk of source) {
        onProgress();
        await file.append(chunk);
      }
    };
    if (isPacked) await pipeline(data, createGunzip(), append);
    else await pipeline(data, append);
    return toRawResponse(status, headers, "");
  });
}

/** The part of axios' answer that is read. */
interface Received<T> {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly data: T;
}

async function send<T>(
  request: Exchange,
  responseType: "arraybuffer" | "stream",
  read: (received: Received<T>, onProgress: () => void) => Promise<RawResponse>,
): Promise<RawResponse | ConnectionFailure> {
  const { signal } = request;
  signal.throwIfAborted();
  // axios' own timeout starts anew with each packet, so a body that drips would never end.
  const abort = new AbortController();
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    abort.abort();
  }, request.timeoutSeconds * 1000);
  const onAbort = () => abort.abort();
  signal.addEventListener("abort", onAbort);
  try {
    const response = await axios.request<T>({
      adapter: "http",
      method: request.method,
      url: request.url,
      headers: { "Accept-Encoding": "gzip", ...request.headers },
      data: request.body,
      signal: abort.signal,
      responseType,
      // Both would otherwise touch the body; singer's JSON keeps the digits axios would lose.
      transformRequest: [(data: unknown) => data],
      transformResponse: [(data: unknown) => data],
      // axios unpacks what it gets of a gzip body that broke off, and calls that good.
      decompress: false,
      validateStatus: () => true,
      maxRedirects: 3,
      maxContentLength: Number.POSITIVE_INFINITY,
      maxBodyLength: Number.POSITIVE_INFINITY,
      beforeRedirect: (options) => keepSecretsHome(options, request),
    });
    return await read(response as Received<T>, () => timer.refresh());
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof SingerError) throw error;
    return { failure: timedOut ? "TIMEOUT" : codeOf(error) };
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
  }
}

function keepSecretsHome(
  options: { href?: string; headers?: { [name: string]: unknown } },
  { url, secretHeaders }: Exchange,
): void {
  if (new URL(options.href ?? "", url).origin === new URL(url).origin) return;
  const secret = new Set(secretHeaders.map((name) => name.toLowerCase()));
  for (const name of Object.keys(options.headers ?? {})) {
    if (secret.has(name.toLowerCase())) delete options.headers![name];
  }
}

const unpackGzip = promisify(gunzip);

async function readText(body: Buffer, encoding: unknown): Promise<string> {
  const isPacked = body.length > 0 && encoding === "gzip";
  const text = (isPacked ? await unpackGzip(body) : body).toString("utf8");
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

function toRawResponse(status: number, rawHeaders: object, text: string): RawResponse {
  const headers = Object.fromEntries(
    Object.entries(rawHeaders).map(([name, value]) => [
      name.toLowerCase(),
      [value].flat().join(", "),
    ]),
  );
  let parsed: { value: JsonValue | undefined } | undefined;
  return {
    status,
    headers,
    text,
    json() {
      parsed ??= { value: parseOrUndefined(text) };
      return parsed.value;
    },
  };
}

function parseOrUndefined(text: string): JsonValue | undefined {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The code alone: an axios error's config holds the Authorization header and the query. */
function codeOf(error: unknown): string {
  const { code, cause } = error as { code?: unknown; cause?: { code?: unknown } };
  // axios covers the reset of a body under a code of its own.
  if (code === "ERR_BAD_RESPONSE") return "ECONNRESET";
  const found = [code, cause?.code].find((each) => typeof each === "string");
  return found === undefined ? "UNKNOWN" : String(found);
}
