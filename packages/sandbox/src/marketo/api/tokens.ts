/** The identity service: one token at a time, the same for everybody who asks until its life is over. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import { MarketoError } from "../vendor-error.ts";

export interface MarketoCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export const MARKETO_CREDENTIALS: MarketoCredentials = {
  clientId: "demo-marketo-id",
  clientSecret: "demo-marketo-secret",
};

export interface Tokens {
  /** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/authentication */
  answer(call: Call): Reply;
  /** @throws MarketoError 600, 601 or 602 */
  check(call: Call): void;
  expire(): void;
}

/** @param lifetime seconds a token is good for */
export function makeTokens(credentials: MarketoCredentials, lifetime: number): Tokens {
  let made = 0;
  let token = "";
  let endsAt = 0;
  const isOpen = (): boolean => endsAt > Date.now();
  return {
    answer: ({ query }) => {
      if (query.get("grant_type") !== "client_credentials") {
        return jsonReply(400, { error: "unsupported_grant_type" });
      }
      const { clientId, clientSecret } = credentials;
      if (query.get("client_id") !== clientId || query.get("client_secret") !== clientSecret) {
        const description = "Bad client credentials";
        return jsonReply(401, { error: "unauthorized", error_description: description });
      }
      if (!isOpen()) {
        made++;
        token = `sandbox-token-${made}:int`;
        endsAt = Date.now() + lifetime * 1000;
      }
      return jsonReply(200, {
        access_token: token,
        token_type: "bearer",
        expires_in: Math.floor((endsAt - Date.now()) / 1000),
        scope: "demo@bizops.example",
      });
    },
    check: ({ headers }) => {
      const given = /^Bearer (\S+)$/i.exec(headers.authorization ?? "")?.[1];
      if (given === undefined) throw new MarketoError("600", "Access token not specified");
      const known = /^sandbox-token-(\d+):int$/.exec(given)?.[1];
      if (known === undefined) throw new MarketoError("601", "Access token invalid");
      if (given !== token || !isOpen()) throw new MarketoError("602", "Access token expired");
    },
    expire: () => {
      endsAt = 0;
    },
  };
}
