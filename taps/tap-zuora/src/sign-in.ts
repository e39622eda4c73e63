/** Clients of Zuora's two APIs, which want user name and password in different headers. */
import {
  type Authenticator,
  type Credentials,
  createHttpClient,
  fixedCredentials,
  type HttpClient,
  type HttpClientOptions,
  sessionCredentials,
} from "@bizops/http-client";
import { AuthError, ContractError, type JsonObject } from "@bizops/singer";
import { classifyError } from "./read-error.ts";
import type { Login } from "./settings.ts";

export interface Clients {
  readonly rest: HttpClient;
  readonly aqua: HttpClient;
}

/** The version of objects and fields that describe and exports show, as singer-io's tap has it. */
const objectVersion = { "X-Zuora-WSDL-Version": "91.0" };

/** @throws AuthError if OAuth credentials are refused; keys are tried with the first request */
export async function signIn(login: Login, options: HttpClientOptions): Promise<Clients> {
  const clientFor = (authenticator: Authenticator) =>
    createHttpClient({ ...options, authenticator, classify: classifyError });
  if (login.kind === "oauth") {
    const authenticator = sessionCredentials(() => requestToken(login, options));
    await authenticator.authorize();
    const client = clientFor(authenticator);
    return { rest: client, aqua: client };
  }
  const { username, password } = login;
  const basic = Buffer.from(`${username}:${password}`).toString("base64");
  const keys = { apiAccessKeyId: username, apiSecretAccessKey: password, ...objectVersion };
  return {
    rest: clientFor(fixedCredentials(keys)),
    aqua: clientFor(fixedCredentials({ Authorization: `Basic ${basic}` })),
  };
}

/** https://developer.zuora.com/v1-api-reference/api/operation/createToken/ */
async function requestToken(
  { clientId, clientSecret }: Extract<Login, { kind: "oauth" }>,
  options: HttpClientOptions,
): Promise<Credentials> {
  const path = "/oauth/token";
  const client = createHttpClient({
    ...options,
    classify: ({ status }, answered) =>
      status === 400 || status === 401
        ? new AuthError(`${answered}: check client_id and client_secret`)
        : undefined,
  });
  const { data } = await client.request({
    method: "POST",
    url: path,
    template: path,
    body: new URLSearchParams({
      grant_type: "client_credentials",
      client_id: clientId,
      client_secret: clientSecret,
    }),
    parse: "json",
    idempotent: true,
  });
  const { access_token } = data as JsonObject;
  if (typeof access_token !== "string") {
    throw new ContractError(`POST ${path}: the answer has no access_token`);
  }
  return { headers: { Authorization: `Bearer ${access_token}`, ...objectVersion } };
}
