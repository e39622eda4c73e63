/** A plain client of a sandbox: logs in and calls, with nothing but fetch. */
import type { Sandbox } from "../src/index.ts";

export interface Session {
  readonly token: string;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  query(soql: string, resource?: "query" | "queryAll"): Promise<Response>;
  send(method: string, path: string, body: unknown): Promise<Response>;
}

export const DATA = "/services/data/v61.0";

export async function logIn(sandbox: Sandbox): Promise<Session> {
  const { token } = await requestToken(sandbox, { grant_type: "client_credentials" });
  const authorization = { authorization: `Bearer ${token}` };
  const get = (path: string, headers = {}) =>
    fetch(sandbox.url + path, { headers: { ...authorization, ...headers } });
  return {
    token,
    get,
    query: (soql, resource = "query") => get(`${DATA}/${resource}?q=${encodeURIComponent(soql)}`),
    send: (method, path, body) =>
      fetch(sandbox.url + path, {
        method,
        headers: { ...authorization, "content-type": "application/json" },
        body: JSON.stringify(body),
      }),
  };
}

/** Asks for a token with the demo's client; `form` overrides. */
export async function requestToken(sandbox: Sandbox, form: Record<string, string>) {
  const { clientId, clientSecret } = sandbox.credentials;
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form });
  const response = await fetch(`${sandbox.url}/services/oauth2/token`, { method: "POST", body });
  const answer = (await response.json()) as Record<string, string>;
  return { status: response.status, answer, token: answer.access_token ?? "" };
}

export async function control(sandbox: Sandbox, method: string, path: string, body?: unknown) {
  return fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

/** All rows of an object as the sandbox itself knows them. */
export async function truthOf(
  sandbox: Sandbox,
  object: string,
): Promise<Record<string, unknown>[]> {
  const text = await (await control(sandbox, "GET", `/truth/salesforce/${object}`)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}
