/** Logging in to Salesforce: SOAP with user name and password, or OAuth. */
import {
  type Classify,
  type Credentials,
  createHttpClient,
  type HttpClient,
  type HttpClientOptions,
  openTokenFile,
  type TokenKeeper,
} from "@bizops/http-client";
import { AuthError, ContractError, type JsonObject, type Log, QuotaError } from "@bizops/singer";
import type { Login, SalesforceSettings } from "./settings.ts";

/**
 * From API version 65.0 there is no SOAP login, in older ones until Summer '27.
 * https://help.salesforce.com/s/articleView?id=005132110&type=1
 */
const lastSoapLoginVersion = 64;

/**
 * @param options of the client for the login's own requests
 * @returns a function that logs in, each time anew
 */
export function createLogin(
  { login, loginUrl, apiVersion, tokenFile }: SalesforceSettings,
  options: HttpClientOptions,
): () => Promise<Credentials> {
  const client = createHttpClient({ ...options, baseUrl: loginUrl, classify: classifyLogin });
  if (login.kind === "password") {
    const version = Math.min(Number(apiVersion), lastSoapLoginVersion).toFixed(1);
    return () => loginBySoap(client, login, version);
  }
  const { refreshToken } = login;
  if (refreshToken === undefined) {
    return async () => (await loginByOAuth(client, login)).credentials;
  }
  const keeper =
    tokenFile === undefined
      ? keepInMemory(refreshToken, options.log)
      : openTokenFile({ path: tokenFile, configured: refreshToken, signal: options.signal });
  return () =>
    keeper.use(async (token) => {
      const { credentials, rotated } = await loginByOAuth(client, login, token);
      return { result: credentials, token: rotated ?? token };
    });
}

/** Good for this run; the next one starts with the token of the settings. */
function keepInMemory(configured: string, log: Log): TokenKeeper {
  let current = configured;
  return {
    async use(exchange) {
      const { result, token } = await exchange(current);
      if (token !== current) warnOfRotation(log);
      current = token;
      return result;
    },
  };
}

async function loginBySoap(
  client: HttpClient,
  { username, password }: Extract<Login, { kind: "password" }>,
  version: string,
): Promise<Credentials> {
  const path = `/services/Soap/u/${version}`;
  const { data } = await client.request({
    method: "POST",
    url: path,
    template: path,
    headers: { "Content-Type": "text/xml; charset=UTF-8", SOAPAction: '"login"' },
    body: renderLoginEnvelope(username, password),
    parse: "text",
    idempotent: true,
  });
  if (readElement(data, "passwordExpired") === "true") {
    throw new AuthError("Salesforce: the user's password has expired; set a new one");
  }
  const sessionId = readElement(data, "sessionId");
  const baseUrl = readElement(data, "serverUrl")?.split("/services/Soap/")[0];
  if (sessionId === undefined || baseUrl === undefined) {
    throw new ContractError(`POST ${path}: the answer has no sessionId or no serverUrl`);
  }
  return { baseUrl, headers: { Authorization: `Bearer ${sessionId}` } };
}

async function loginByOAuth(
  client: HttpClient,
  { clientId, clientSecret }: Extract<Login, { kind: "oauth" }>,
  refreshToken?: string,
): Promise<{ credentials: Credentials; rotated: string | undefined }> {
  const path = "/services/oauth2/token";
  const form = new URLSearchParams({
    grant_type: refreshToken === undefined ? "client_credentials" : "refresh_token",
    client_id: clientId,
  });
  if (clientSecret !== undefined) form.set("client_secret", clientSecret);
  if (refreshToken !== undefined) form.set("refresh_token", refreshToken);
  const { data } = await client.request({
    method: "POST",
    url: path,
    template: path,
    body: form,
    parse: "json",
    // A rotating refresh token is good for one use: an answer that was lost cannot be asked for again.
    idempotent: refreshToken === undefined,
  });
  const { access_token, instance_url, refresh_token } = data as JsonObject;
  if (typeof access_token !== "string" || typeof instance_url !== "string") {
    throw new ContractError(`POST ${path}: the answer has no access_token or no instance_url`);
  }
  return {
    credentials: { baseUrl: instance_url, headers: { Authorization: `Bearer ${access_token}` } },
    rotated: typeof refresh_token === "string" ? refresh_token : undefined,
  };
}

function warnOfRotation(log: Log): void {
  log.warning(
    "Salesforce has replaced the refresh token, and the one in refresh_token is void; set token_file, so that the next run finds the new one, and a new token",
  );
}

/** A refused login is a SOAP fault with status 500, or an OAuth error with status 400 or 401. */
export const classifyLogin: Classify = (response, answered) => {
  if (response.status < 400 || response.status === 429) return undefined;
  const fault = readElement(response.text, "faultcode")?.replace(/^.*:/, "");
  const { error } = (response.json() ?? {}) as JsonObject;
  const code = [fault, error].find((each) => typeof each === "string" && /^\w{1,64}$/.test(each));
  if (typeof code !== "string") return undefined;
  if (/^(SERVER_UNAVAILABLE|server_error|temporarily_unavailable)$/i.test(code)) {
    return { action: "retry", reason: code };
  }
  if (code === "REQUEST_LIMIT_EXCEEDED") return new QuotaError(`${answered} ${code}`);
  return new AuthError(`Salesforce refused the login (${code}): ${adviceOn(code)}`);
};

function adviceOn(code: string): string {
  switch (code) {
    case "INVALID_LOGIN":
      return "check username, password and security_token, and whether login_url is the right one (is_sandbox)";
    case "LOGIN_MUST_USE_SECURITY_TOKEN":
      return "set security_token, or allow this address in the organisation";
    case "invalid_client_id":
    case "invalid_client":
      return "check client_id and client_secret";
    case "invalid_grant":
      return "check client_id, client_secret and refresh_token; client credentials need a user set in the connected app and login_url to be the My Domain address";
    default:
      return "check the credentials and login_url";
  }
}

/** @param password with the security token behind it */
export function renderLoginEnvelope(username: string, password: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="urn:partner.soap.sforce.com"><soapenv:Body><urn:login><urn:username>${escapeXml(username)}</urn:username><urn:password>${escapeXml(password)}</urn:password></urn:login></soapenv:Body></soapenv:Envelope>`;
}

/** The text of the first element of that name, whatever its prefix. */
export function readElement(xml: string, name: string): string | undefined {
  const found = new RegExp(`<(?:\\w+:)?${name}(?:\\s[^>]*)?>([^<]*)<`).exec(xml)?.[1];
  return found === undefined ? undefined : unescapeXml(found);
}

const entities: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

function escapeXml(value: string): string {
  return value.replace(/[&<>"']/g, (character) => entities[character] as string);
}

function unescapeXml(value: string): string {
  const characters = Object.entries(entities).map(([character, entity]) => [entity, character]);
  const byEntity = Object.fromEntries(characters) as { [entity: string]: string };
  return value.replace(/&(?:amp|lt|gt|quot|apos);/g, (entity) => byEntity[entity] as string);
}
