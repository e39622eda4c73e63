/** Logging in to Marketo: client credentials at the identity service. */
import { setTimeout as delay } from "node:timers/promises";
import {
  type Classify,
  type Credentials,
  createHttpClient,
  type HttpClientOptions,
} from "@bizops/http-client";
import { AuthError, ContractError, type JsonObject } from "@bizops/singer";
import type { MarketoSettings } from "./settings.ts";

/**
 * The service hands out the same token to everybody until it ends. One with less life than this is not worth
 * taking: its successor is there as soon as it has ended.
 * https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/authentication
 */
const shortestLifeSeconds = 5;

/**
 * @param options of the client for the login's own requests
 * @returns a function that logs in, each time anew
 */
export function createLogin(
  { identity, clientId, clientSecret, endpoint }: MarketoSettings,
  options: HttpClientOptions,
): () => Promise<Credentials> {
  const client = createHttpClient({ ...options, baseUrl: identity, classify: classifyLogin });
  const ask = async () => {
    const path = "/oauth/token";
    const { data } = await client.request({
      url: path,
      template: `/identity${path}`,
      params: {
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
      },
      parse: "json",
    });
    const { access_token, expires_in } = (data ?? {}) as JsonObject;
    if (typeof access_token !== "string") {
      throw new ContractError(`GET /identity${path}: the answer has no access_token`);
    }
    return { token: access_token, seconds: Number(expires_in) };
  };
  return async () => {
    let { token, seconds } = await ask();
    if (seconds < shortestLifeSeconds) {
      await delay((seconds + 1) * 1000, undefined, { signal: options.signal });
      ({ token } = await ask());
    }
    // "Support for the access_token query parameter is being removed on June 30, 2025."
    return { baseUrl: endpoint, headers: { Authorization: `Bearer ${token}` } };
  };
}

/** Wrong credentials are HTTP 401 with an OAuth error. */
const classifyLogin: Classify = ({ status }) =>
  status === 400 || status === 401
    ? new AuthError(
        "Marketo refused the login: check client_id and client_secret, and whether identity is the right one",
      )
    : undefined;
