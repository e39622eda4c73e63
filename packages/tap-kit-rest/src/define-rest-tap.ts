/** A REST source as data: names, endpoints and schemas in, a tap out. */
import type { SettingsSchema } from "@bizops/connector-kit";
import {
  type Authenticator,
  type Classify,
  createHttpClient,
  type RateLimit,
  type UsageQuota,
} from "@bizops/http-client";
import { BugError, type JsonObject, type JsonSchema } from "@bizops/singer";
import type { Replication, Stream, Tap } from "@bizops/tap-kit";
import { type RestStream, readStream, replicationOf, type Surroundings } from "./rest-stream.ts";

export interface RestTap {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** The vendor's documentation. */
  readonly doc: string;
  readonly settings: SettingsSchema;
  readonly http: {
    readonly baseUrl: string | ((config: JsonObject) => string);
    readonly auth?: (config: JsonObject) => Authenticator;
    readonly rateLimit?: RateLimit;
    readonly quota?: UsageQuota;
    readonly classify?: Classify;
  };
  /** A JSON Schema for each stream, with `x-privacy` where it holds personal data. */
  readonly schemas: { readonly [stream: string]: JsonSchema };
  /** What holds for each stream that does not say otherwise. */
  readonly defaults?: Omit<RestStream, "path">;
  readonly streams: { readonly [name: string]: RestStream };
}

/** @throws BugError if the definition contradicts itself */
export function defineRestTap(definition: RestTap): Tap {
  const { name, version, description, doc, settings, http, defaults } = definition;
  const streams = Object.fromEntries(
    Object.entries(definition.streams).map(([id, stream]) => [id, { ...defaults, ...stream }]),
  );
  for (const id of Object.keys(streams)) check(id, streams, definition.schemas);
  return {
    name,
    version,
    description,
    doc,
    settings,
    async connect({ settings: config, log, signal }) {
      const options = {
        baseUrl: typeof http.baseUrl === "string" ? http.baseUrl : http.baseUrl(config),
        maxRetries: Number(config.max_retries),
        timeoutSeconds: Number(config.request_timeout),
        userAgent: String(config.user_agent ?? `${name}/${version}`),
        log,
        signal,
      };
      const { auth, baseUrl: _, ...limits } = http;
      const authenticator = auth?.(config);
      const client = createHttpClient({
        ...options,
        ...limits,
        ...(authenticator && { authenticator }),
      });
      const around = { client, config, streams };
      return {
        discover: async () =>
          Object.keys(streams).map((id) => toStream(id, around, definition.schemas[id]!)),
      };
    },
  };
}

function toStream(name: string, around: Surroundings, schema: JsonSchema): Stream {
  const stream = around.streams[name] as RestStream;
  const declared = replicationOf(stream, around.streams);
  const replication: Replication =
    declared === undefined
      ? { method: "FULL_TABLE" }
      : { method: "INCREMENTAL", key: declared.key };
  return {
    name,
    schema,
    key: stream.key ?? [],
    replication,
    selectedByDefault: true,
    read: (run) => readStream(stream, around, run),
  };
}

function check(id: string, streams: Surroundings["streams"], schemas: RestTap["schemas"]): void {
  const { key = [], parent, visits } = streams[id] as RestStream;
  const wrong = (what: string) => new BugError(`stream ${id}: ${what}`);
  const properties = schemas[id]?.properties;
  if (properties === undefined) throw wrong("has no schema with properties");
  if (parent !== undefined && !(parent in streams)) throw wrong(`there is no parent ${parent}`);
  if ((parent === undefined) !== (visits === undefined)) {
    throw wrong("parent and visits belong together");
  }
  const replication = replicationOf(streams[id] as RestStream, streams);
  if (visits === "parents-in-this-run" && replication === undefined) {
    throw wrong("must carry its parent's replication key, which its own bookmark is made of");
  }
  for (const property of [...key, ...(replication ? [replication.key] : [])]) {
    if (!(property in properties)) throw wrong(`its schema lacks ${property}`);
  }
}
