/** Superset's REST API, as far as it is needed: https://superset.apache.org/docs/api */
import {
  type Classify,
  type Credentials,
  createHttpClient,
  type HttpClient,
  sessionCredentials,
} from "@bizops/http-client";
import {
  AuthError,
  ConfigError,
  ContractError,
  type JsonObject,
  type JsonValue,
  type Log,
} from "@bizops/singer";
import { type Bundle, unpack } from "./archive.ts";
import { type Kind, listIn } from "./asset.ts";
import type { ExportedFile } from "./normalise.ts";

/** Which Superset, and who we are to it. */
export interface SupersetAddress {
  /** Without a slash at its end. */
  readonly url: string;
  readonly login:
    | { readonly username: string; readonly password: string }
    | { readonly token: string };
}

/** A Superset one is logged in to at the first request. */
export interface Superset {
  readonly url: string;
  /** @throws AuthError, UnavailableError */
  exportAssets(): Promise<ExportedFile[]>;
  /** @throws ContractError with Superset's reason */
  importAssets(bundle: Bundle): Promise<void>;
  deleteAsset(kind: Kind, uuid: string): Promise<void>;
  /** What was last agreed on; kept in Superset itself, so that every machine knows it. */
  readRecord(): Promise<string | undefined>;
  writeRecord(text: string): Promise<void>;
}

/** `SUPERSET_URL`, and `SUPERSET_USERNAME` with `SUPERSET_PASSWORD` or `SUPERSET_TOKEN`. @throws ConfigError */
export function readAddress(environment: NodeJS.ProcessEnv): SupersetAddress {
  const { SUPERSET_URL, SUPERSET_USERNAME, SUPERSET_PASSWORD, SUPERSET_TOKEN } = environment;
  if (!SUPERSET_URL) {
    throw new ConfigError(
      "SUPERSET_URL is not set: the address of your Superset, or start one with bizops superset up",
    );
  }
  const url = SUPERSET_URL.replace(/\/+$/, "");
  if (SUPERSET_TOKEN) return { url, login: { token: SUPERSET_TOKEN } };
  if (!SUPERSET_USERNAME || !SUPERSET_PASSWORD) {
    throw new ConfigError("set SUPERSET_USERNAME and SUPERSET_PASSWORD, or SUPERSET_TOKEN");
  }
  return { url, login: { username: SUPERSET_USERNAME, password: SUPERSET_PASSWORD } };
}

/** The folder of a kind in the API. */
const resources: { readonly [kind in Kind]: string } = {
  databases: "database",
  datasets: "dataset",
  charts: "chart",
  dashboards: "dashboard",
};

/** Superset has no place for notes of others; an annotation layer is a named text that no chart of ours uses. */
const recordName = "BizOps: last push (written by bizops dashboards)";

export function connectSuperset(
  { url, login }: SupersetAddress,
  log: Log,
  signal: AbortSignal,
): Superset {
  const common = { baseUrl: url, maxRetries: 2, timeoutSeconds: 300, log, signal } as const;
  const anonymous = createHttpClient(common);
  const client = createHttpClient({
    ...common,
    authenticator: sessionCredentials(() => openSession(anonymous, url, login)),
    classify,
  });
  return {
    url,
    exportAssets: () => exportAssets(client),
    importAssets: (bundle) => importAssets(client, bundle),
    deleteAsset: (kind, uuid) => deleteAsset(client, resources[kind], uuid),
    async readRecord() {
      const text = (await findRecord(client))?.descr;
      return typeof text === "string" ? text : undefined;
    },
    async writeRecord(text) {
      const found = await findRecord(client);
      const path = "/api/v1/annotation_layer/";
      await client.request({
        method: found === undefined ? "POST" : "PUT",
        url: found === undefined ? path : `${path}${found.id}`,
        template: found === undefined ? path : `${path}{id}`,
        body: { name: recordName, descr: text },
        parse: "none",
      });
    },
  };
}

async function exportAssets(client: HttpClient): Promise<ExportedFile[]> {
  const path = "/api/v1/assets/export/";
  const file = await client.download({ url: path, template: path });
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of file.open()) chunks.push(chunk as Buffer);
    return unpack(Buffer.concat(chunks));
  } finally {
    await file.close();
  }
}

async function importAssets(client: HttpClient, { zip, passwords }: Bundle): Promise<void> {
  const form = new FormData();
  form.set("bundle", new Blob([Uint8Array.from(zip)]), "bundle.zip");
  form.set("passwords", JSON.stringify(passwords));
  const encoded = new Response(form);
  const path = "/api/v1/assets/import/";
  await client.request({
    method: "POST",
    url: path,
    template: path,
    headers: { "Content-Type": encoded.headers.get("content-type") ?? "" },
    body: Buffer.from(await encoded.arrayBuffer()),
    parse: "none",
  });
}

async function deleteAsset(client: HttpClient, resource: string, uuid: string): Promise<void> {
  const found = await findOne(client, resource, `col:uuid,opr:eq,value:'${uuid}'`);
  if (found === undefined) return;
  await client.request({
    method: "DELETE",
    url: `/api/v1/${resource}/${found.id}`,
    template: `/api/v1/${resource}/{id}`,
    idempotent: true,
    parse: "none",
  });
}

/** @param filter one of Superset's list filters, in Rison */
async function findOne(
  client: HttpClient,
  resource: string,
  filter: string,
): Promise<JsonObject | undefined> {
  const { data } = await client.request({
    url: `/api/v1/${resource}/`,
    template: `/api/v1/${resource}/`,
    params: { q: `(filters:!((${filter})),page_size:2)` },
    parse: "json",
  });
  return listIn((data as JsonObject).result)[0];
}

function findRecord(client: HttpClient): Promise<JsonObject | undefined> {
  return findOne(client, "annotation_layer", `col:name,opr:eq,value:'${recordName}'`);
}

/** A token, the proof against forged requests, and the session it belongs to. */
async function openSession(
  client: HttpClient,
  url: string,
  login: SupersetAddress["login"],
): Promise<Credentials> {
  const token = "token" in login ? login.token : await logIn(client, login);
  const bearer = { Authorization: `Bearer ${token}` };
  const path = "/api/v1/security/csrf_token/";
  const { data, headers } = await client.request({
    url: path,
    template: path,
    headers: bearer,
    parse: "json",
  });
  const cookie = /(?:^|, )(\w*session=[^;]+)/.exec(headers["set-cookie"] ?? "")?.[1] ?? "";
  const proof = String((data as JsonObject).result);
  return { headers: { ...bearer, "X-CSRFToken": proof, Cookie: cookie, Referer: url } };
}

async function logIn(
  client: HttpClient,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<string> {
  const path = "/api/v1/security/login";
  try {
    const { data } = await client.request({
      method: "POST",
      url: path,
      template: path,
      body: { username, password, provider: "db", refresh: false },
      idempotent: true,
      parse: "json",
    });
    return String((data as JsonObject).access_token);
  } catch (error) {
    if (!(error instanceof AuthError)) throw error;
    throw new AuthError(
      "Superset refused SUPERSET_USERNAME with SUPERSET_PASSWORD; a user of a single sign-on needs SUPERSET_TOKEN",
      { cause: error },
    );
  }
}

/**
 * 4xx say what is wrong with what we sent; nothing of it is secret. The import answers 500 to a bundle it refuses,
 * so that trying again would not help: https://github.com/apache/superset/blob/6.1.0/superset/commands/importers/v1/assets.py
 */
const classify: Classify = ({ status, json }, answered) =>
  status === 400 || status === 422 || (status === 500 && answered.includes("/import/"))
    ? new ContractError(`${answered}: ${reasonOf(json())}`)
    : undefined;

/** Superset words its reasons as `message`, a text or texts by field, or as `errors`, with more in `extra`. */
function reasonOf(body: JsonValue | undefined): string {
  const { message, errors } = (body ?? {}) as JsonObject;
  const [first] = listIn(errors);
  const extra = Object.entries((first?.extra ?? {}) as JsonObject)
    .filter(([key]) => key !== "issue_codes")
    .map(([file, reason]) => `${file}: ${JSON.stringify(reason)}`);
  const text = first?.message ?? message ?? "no reason given";
  return [typeof text === "string" ? text : JSON.stringify(text), ...extra].join("; ");
}
