/** The three ways in: OAuth tokens, key headers and, for AQuA, basic authentication. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import type { ZuoraCredentials } from "../credentials.ts";
import { reasons, ZuoraError } from "../vendor-error.ts";

export interface SignIn {
  /** POST /oauth/token. */
  answerToken(call: Call): Reply;
  /** @throws ZuoraError if the call has no good credentials */
  check(call: Call): void;
  /** Ends one token, or all. */
  expire(token?: string): void;
}

/** @param lifetime seconds until a token ends by itself */
export function makeSignIn(credentials: ZuoraCredentials, lifetime: number): SignIn {
  const ends = new Map<string, number>();
  let opened = 0;
  return {
    // https://developer.zuora.com/v1-api-reference/api/operation/createToken/
    answerToken: (call) => {
      const form = new URLSearchParams(call.body);
      if (form.get("grant_type") !== "client_credentials") {
        return jsonReply(400, { error: "unsupported_grant_type" });
      }
      const { clientId, clientSecret } = credentials;
      if (form.get("client_id") !== clientId || form.get("client_secret") !== clientSecret) {
        return jsonReply(401, { error: "invalid_client", reason: "Bad client credentials" });
      }
      opened++;
      const token = `zuora.sandbox.token.${opened}`;
      ends.set(token, Date.now() + lifetime * 1000);
      const answer = { access_token: token, token_type: "bearer", expires_in: lifetime };
      return jsonReply(200, { ...answer, scope: "entity.11e6", jti: token });
    },
    check: (call) => {
      const token = tokenOf(call);
      if (token !== null) {
        if ((ends.get(token) ?? 0) > Date.now()) return;
        throw refused(reasons(401, 90000011, "Authentication error"));
      }
      const { username, password } = credentials;
      const basic = Buffer.from(`${username}:${password}`).toString("base64");
      if (isAqua(call) && call.headers.authorization === `Basic ${basic}`) return;
      const { apiaccesskeyid, apisecretaccesskey } = call.headers;
      if (!isAqua(call) && apiaccesskeyid === username && apisecretaccesskey === password) return;
      // Wrong keys are told with HTTP 200 by some paths.
      const status = call.path.startsWith("/v1/object") ? 200 : 401;
      throw refused(reasons(status, 90000011, "this resource is protected, please sign in first"));
    },
    expire: (token) => {
      if (token === undefined) ends.clear();
      else ends.delete(token);
    },
  };
}

/** The access token of a call; null if it has none. */
export function tokenOf(call: Call): string | null {
  return /^Bearer (\S+)$/i.exec(call.headers.authorization ?? "")?.[1] ?? null;
}

function isAqua({ path }: Call): boolean {
  return path.startsWith("/v1/batch-query") || path.startsWith("/v1/file/");
}

function refused(reply: Reply): ZuoraError {
  return new ZuoraError("refused", reply);
}
