/** The usual ways to say who one is. */
import {
  type Authenticator,
  fixedCredentials,
  type HttpClient,
  sessionCredentials,
} from "@bizops/http-client";
import { AuthError, type JsonObject } from "@bizops/singer";

export function basicAuth(username: string, password: string): Authenticator {
  const encoded = Buffer.from(`${username}:${password}`, "utf8").toString("base64");
  return fixedCredentials({ Authorization: `Basic ${encoded}` });
}

export function bearerAuth(token: string): Authenticator {
  return fixedCredentials({ Authorization: `Bearer ${token}` });
}

/** @param header the vendor's own: `X-API-Key`, `Api-Token`, ... */
export function apiKeyAuth(header: string, key: string): Authenticator {
  return fixedCredentials({ [header]: key });
}

/**
 * OAuth 2.0 client credentials; the token is fetched again when it is refused.
 * @param login a client without credentials
 * @param url of the token endpoint
 */
export function oauthClientCredentials(
  login: HttpClient,
  {
    url,
    clientId,
    clientSecret,
    scope,
  }: {
    url: string;
    clientId: string;
    clientSecret: string;
    scope?: string;
  },
): Authenticator {
  return sessionCredentials(async () => {
    const { data } = await login.request({
      method: "POST",
      url,
      template: "the token endpoint",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: clientId,
        client_secret: clientSecret,
        ...(scope !== undefined && { scope }),
      }),
      parse: "json",
      idempotent: true,
    });
    const token = (data as JsonObject | null)?.access_token;
    if (typeof token !== "string") throw new AuthError("the token endpoint gave no access_token");
    return { headers: { Authorization: `Bearer ${token}` } };
  });
}
