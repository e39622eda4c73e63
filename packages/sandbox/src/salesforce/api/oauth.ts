/** The OAuth token endpoint, for the grants a program without a browser uses. */
import type { Call, Reply } from "../../http/exchange.ts";
import { jsonReply } from "../../http/exchange.ts";
import { userId } from "../objects/audit-fields.ts";
import type { Credentials } from "./credentials.ts";
import type { Sessions } from "./sessions.ts";
import { ORGANISATION_ID } from "./sessions.ts";

const SCOPE = "api refresh_token";

/** POST /services/oauth2/token; wrong input is HTTP 400 with the standard's error object. */
export function answerToken(
  call: Call,
  sessions: Sessions,
  credentials: Credentials,
  baseUrl: string,
): Reply {
  const form = new URLSearchParams(call.body);
  for (const [name, value] of call.query) if (!form.has(name)) form.set(name, value);
  const client = clientOf(call, form);
  const grant = form.get("grant_type");
  if (grant === null) return refuse("unsupported_grant_type", "grant type not supported");
  if (client.id !== credentials.clientId) {
    return refuse("invalid_client_id", "client identifier invalid");
  }
  if (client.secret !== credentials.clientSecret) {
    return refuse("invalid_client", "invalid client credentials");
  }
  const given = (name: string): string => form.get(name) ?? "";
  let rotated: string | null = null;
  if (grant === "refresh_token") {
    if (!sessions.isRefreshToken(given("refresh_token"))) {
      return refuse("invalid_grant", "expired access/refresh token");
    }
    rotated = sessions.rotates ? sessions.nextRefreshToken() : null;
  } else if (grant === "password") {
    const { username, password, securityToken } = credentials;
    if (given("username") !== username || given("password") !== password + securityToken) {
      return refuse("invalid_grant", "authentication failure");
    }
  } else if (grant !== "client_credentials") {
    return refuse("unsupported_grant_type", "grant type not supported");
  }
  return jsonReply(200, {
    access_token: sessions.open(),
    ...(rotated === null ? {} : { refresh_token: rotated }),
    signature: Buffer.from("sandbox").toString("base64"),
    scope: SCOPE,
    instance_url: baseUrl,
    id: `${baseUrl}/id/${ORGANISATION_ID}/${userId(0)}`,
    token_type: "Bearer",
    issued_at: String(Date.now()),
  });
}

/** The client may name itself in the form or by Basic authentication. */
function clientOf(call: Call, form: URLSearchParams): { id: string | null; secret: string | null } {
  const basic = /^Basic (.+)$/i.exec(call.headers.authorization ?? "");
  if (!basic) return { id: form.get("client_id"), secret: form.get("client_secret") };
  const [id = "", secret = ""] = Buffer.from(basic[1]!, "base64").toString("utf8").split(":");
  return { id, secret };
}

function refuse(error: string, description: string): Reply {
  return jsonReply(400, { error, error_description: description });
}
