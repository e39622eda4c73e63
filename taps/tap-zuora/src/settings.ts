/** The settings of tap-zuora, and what they come to. */
import type { SettingsSchema } from "@bizops/connector-kit";
import { ConfigError, type JsonValue } from "@bizops/singer";

const yesOrNo = {
  type: ["boolean", "string"],
  enum: [true, false, "true", "false"],
  default: false,
} as const;

export const settingsSchema: SettingsSchema = {
  type: "object",
  properties: {
    base_url: {
      type: "string",
      "x-env": ["ZUORA_URL"],
      description:
        "The tenant's REST endpoint. Default: https://rest.zuora.com, or as sandbox and european say; tenants of US Cloud 1 need https://rest.na.zuora.com.",
    },
    sandbox: { ...yesOrNo, description: "Use the API sandbox." },
    european: { ...yesOrNo, description: "Use the European data centre." },
    username: {
      type: "string",
      "x-env": ["ZUORA_USERNAME"],
      description: "API user; with auth_type OAUTH a client id.",
    },
    password: {
      type: "string",
      "x-env": ["ZUORA_PASSWORD"],
      "x-secret": true,
      description: "The API user's password; with auth_type OAUTH a client secret.",
    },
    client_id: { type: "string", description: "Client id of an OAuth client of the tenant." },
    client_secret: {
      type: "string",
      "x-secret": true,
      description: "Client secret of the OAuth client.",
    },
    auth_type: {
      type: "string",
      enum: ["BASIC", "OAUTH", "Basic", "OAuth"],
      description: "What username and password are. Default: BASIC.",
    },
    api_type: {
      type: "string",
      enum: ["aqua", "rest", "AQUA", "REST"],
      default: "aqua",
      description:
        "Which API to read with: AQuA, or exports by the REST API, which tell of no deletions.",
    },
    aqua_stateful: {
      ...yesOrNo,
      description: "Use AQuA's stateful mode, which needs partner_id. Zuora advises against it.",
    },
    partner_id: { type: "string", description: "Partner id from Zuora's support." },
    select_fields_by_default: {
      ...yesOrNo,
      description: "Also select custom text fields by default.",
    },
    lookback_window: {
      type: "integer",
      minimum: 0,
      default: 600,
      description:
        "Seconds before the bookmark from which a run reads again, for transactions that were not yet committed when the last run read.",
    },
    poll_interval: {
      type: "number",
      exclusiveMinimum: 0,
      default: 10,
      description: "The longest wait, in seconds, between two looks at a job.",
    },
    job_timeout: {
      type: "integer",
      minimum: 1,
      default: 10_800,
      description: "Seconds a job may take. The next run goes on with one that took longer.",
    },
  },
};

/** The way in; which one follows from the settings that are there. */
export type Login =
  | { readonly kind: "keys"; readonly username: string; readonly password: string }
  | { readonly kind: "oauth"; readonly clientId: string; readonly clientSecret: string };

/** How rows are asked for. */
export type Api =
  | { readonly kind: "rest" }
  | { readonly kind: "aqua" }
  | { readonly kind: "aqua-stateful"; readonly partnerId: string };

export interface ZuoraSettings {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  readonly login: Login;
  readonly api: Api;
  readonly selectCustomText: boolean;
  readonly lookbackSeconds: number;
  readonly pollSeconds: number;
  readonly jobTimeoutSeconds: number;
  readonly userAgent: string | undefined;
  readonly timeoutSeconds: number;
  readonly maxRetries: number;
}

type Values = { readonly [name: string]: JsonValue };

/**
 * @param values validated against `settingsSchema`, defaults filled in
 * @throws ConfigError if no complete set of credentials is there, or no partner_id for stateful mode
 */
export function readSettings(values: Values): ZuoraSettings {
  return {
    baseUrl: completeUrl(text(values.base_url) ?? usualHost(values)),
    login: chooseLogin(values),
    api: chooseApi(values),
    selectCustomText: isTrue(values.select_fields_by_default),
    lookbackSeconds: Number(values.lookback_window),
    pollSeconds: Number(values.poll_interval),
    jobTimeoutSeconds: Number(values.job_timeout),
    userAgent: text(values.user_agent),
    timeoutSeconds: Number(values.request_timeout),
    maxRetries: Number(values.max_retries),
  };
}

/** https://developer.zuora.com/docs/get-started/introduction/ lists the data centres. */
function usualHost({ sandbox, european }: Values): string {
  if (isTrue(european)) return `https://rest${isTrue(sandbox) ? ".sandbox" : ""}.eu.zuora.com`;
  return `https://rest${isTrue(sandbox) ? ".apisandbox" : ""}.zuora.com`;
}

function chooseLogin(values: Values): Login {
  const clientId = text(values.client_id);
  const clientSecret = text(values.client_secret);
  const username = text(values.username);
  const password = text(values.password);
  if (clientId !== undefined && clientSecret !== undefined) {
    return { kind: "oauth", clientId, clientSecret };
  }
  if (username !== undefined && password !== undefined) {
    return String(values.auth_type).toUpperCase() === "OAUTH"
      ? { kind: "oauth", clientId: username, clientSecret: password }
      : { kind: "keys", username, password };
  }
  throw new ConfigError(
    "tap-zuora settings: credentials are missing; set client_id and client_secret, or username and password (ZUORA_USERNAME, ZUORA_PASSWORD)",
  );
}

function chooseApi(values: Values): Api {
  if (String(values.api_type).toLowerCase() === "rest") return { kind: "rest" };
  if (!isTrue(values.aqua_stateful)) return { kind: "aqua" };
  const partnerId = text(values.partner_id);
  if (partnerId === undefined) throw new ConfigError("aqua_stateful needs partner_id");
  return { kind: "aqua-stateful", partnerId };
}

/** Orchestrators hand down unset variables as blank texts. */
function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === "true";
}

function completeUrl(url: string): string {
  const complete = /^https?:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(complete)) throw new ConfigError("base_url is not a URL");
  return complete.replace(/\/+$/, "");
}
