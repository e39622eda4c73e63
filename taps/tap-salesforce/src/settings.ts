/** The settings of tap-salesforce, and what they come to. */
import type { SettingsSchema } from "@bizops/connector-kit";
import { ConfigError, type JsonValue } from "@bizops/singer";

export const settingsSchema: SettingsSchema = {
  type: "object",
  properties: {
    login_url: {
      type: "string",
      "x-env": ["SFDC_URL"],
      description:
        "Where to log in. Default: https://login.salesforce.com, or test.salesforce.com with is_sandbox. Client credentials need the My Domain address.",
    },
    is_sandbox: {
      type: ["boolean", "string"],
      enum: [true, false, "true", "false"],
      default: false,
      "x-aliases": ["sandbox"],
      description: "Log in at https://test.salesforce.com.",
    },
    username: { type: "string", "x-env": ["SFDC_USERNAME"], description: "User to log in as." },
    password: {
      type: "string",
      "x-env": ["SFDC_PASSWORD"],
      "x-secret": true,
      description: "The user's password.",
    },
    security_token: {
      type: "string",
      "x-env": ["SFDC_SECURITY_TOKEN"],
      "x-secret": true,
      description:
        "The user's security token; not needed from an address the organisation has allowed.",
    },
    client_id: { type: "string", description: "Consumer key of a connected app, for OAuth." },
    client_secret: {
      type: "string",
      "x-secret": true,
      description: "Consumer secret of the connected app.",
    },
    refresh_token: {
      type: "string",
      "x-secret": true,
      description: "OAuth refresh token. Without it and without a username: client credentials.",
    },
    token_file: {
      type: "string",
      "x-env": ["BIZOPS_TOKEN_FILE"],
      description:
        "Where to keep the refresh token Salesforce gives in place of the one in refresh_token, if the connected app rotates them. It is used as long as refresh_token stays as it is.",
    },
    api_version: {
      type: "string",
      pattern: "^[0-9]+\\.0$",
      default: "61.0",
      description: "Version of the Salesforce API.",
    },
    api_type: {
      type: "string",
      enum: ["auto", "rest", "bulk2", "REST", "BULK", "BULK2"],
      default: "auto",
      description:
        "Which API to read with: rest, bulk2 (Bulk API 2.0), or auto, which reads by bulk2 what is more than a few pages.",
    },
    objects: {
      type: "array",
      items: { type: "string" },
      "x-aliases": ["streams_to_discover"],
      description: "The only objects to discover and read. Default: all.",
    },
    select_fields_by_default: {
      type: ["boolean", "string"],
      enum: [true, false, "true", "false"],
      default: false,
      description: "Also select custom text fields by default.",
    },
    quota_percent_total: {
      type: "number",
      exclusiveMinimum: 0,
      maximum: 100,
      default: 80,
      description: "Stop before this percentage of the day's API requests is used, by whomever.",
    },
    quota_percent_per_run: {
      type: "number",
      exclusiveMinimum: 0,
      maximum: 100,
      default: 25,
      description: "Stop before this run has used this percentage of the day's API requests.",
    },
    refresh_calculated_fields_after: {
      type: "number",
      exclusiveMinimum: 0,
      description:
        "Hours after which an object with selected formula or roll-up fields is read again whole, since these change without the time of change moving. Default: never.",
    },
    lookback_window: {
      type: "integer",
      minimum: 0,
      default: 10,
      description:
        "Seconds before the bookmark from which a run reads again, for transactions that were not yet committed when the last run read.",
    },
  },
};

/** The way in; which one follows from the settings that are there. */
export type Login =
  | { readonly kind: "password"; readonly username: string; readonly password: string }
  | {
      readonly kind: "oauth";
      readonly clientId: string;
      readonly clientSecret: string | undefined;
      readonly refreshToken: string | undefined;
    };

/** `auto` decides for each object. */
export type ApiType = "auto" | "rest" | "bulk2";

export interface SalesforceSettings {
  /** Without a slash at its end. */
  readonly loginUrl: string;
  readonly login: Login;
  readonly tokenFile: string | undefined;
  readonly apiVersion: string;
  readonly apiType: ApiType;
  readonly objects: ReadonlySet<string> | undefined;
  readonly selectCustomText: boolean;
  readonly quotaPercentTotal: number;
  readonly quotaPercentPerRun: number;
  readonly lookbackSeconds: number;
  /** Absent: formulas and roll-ups are not read again. */
  readonly refreshCalculatedAfterHours: number | undefined;
  readonly userAgent: string | undefined;
  readonly timeoutSeconds: number;
  readonly maxRetries: number;
}

/**
 * @param values validated against `settingsSchema`, defaults filled in
 * @throws ConfigError if no complete set of credentials is there
 */
export function readSettings(values: { readonly [name: string]: JsonValue }): SalesforceSettings {
  const apiType = String(values.api_type)
    .toLowerCase()
    .replace(/^bulk$/, "bulk2");
  const host = isTrue(values.is_sandbox) ? "test" : "login";
  return {
    loginUrl: completeUrl(text(values.login_url) ?? `https://${host}.salesforce.com`),
    login: chooseLogin(values),
    tokenFile: text(values.token_file),
    apiVersion: String(values.api_version),
    apiType: apiType as ApiType,
    objects: Array.isArray(values.objects) ? new Set(values.objects.map(String)) : undefined,
    selectCustomText: isTrue(values.select_fields_by_default),
    quotaPercentTotal: Number(values.quota_percent_total),
    quotaPercentPerRun: Number(values.quota_percent_per_run),
    lookbackSeconds: Number(values.lookback_window),
    refreshCalculatedAfterHours:
      values.refresh_calculated_fields_after === undefined
        ? undefined
        : Number(values.refresh_calculated_fields_after),
    userAgent: text(values.user_agent),
    timeoutSeconds: Number(values.request_timeout),
    maxRetries: Number(values.max_retries),
  };
}

function chooseLogin(values: { readonly [name: string]: JsonValue }): Login {
  const clientId = text(values.client_id);
  const clientSecret = text(values.client_secret);
  const refreshToken = text(values.refresh_token);
  const username = text(values.username);
  const password = text(values.password);
  if (clientId !== undefined && refreshToken !== undefined) {
    return { kind: "oauth", clientId, clientSecret, refreshToken };
  }
  if (username !== undefined && password !== undefined) {
    const token = text(values.security_token) ?? "";
    return { kind: "password", username, password: password + token };
  }
  if (clientId !== undefined && clientSecret !== undefined) {
    return { kind: "oauth", clientId, clientSecret, refreshToken: undefined };
  }
  throw new ConfigError(
    "tap-salesforce settings: credentials are missing; set username, password and security_token (SFDC_USERNAME, SFDC_PASSWORD, SFDC_SECURITY_TOKEN), or client_id and client_secret with or without refresh_token",
  );
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
  if (!URL.canParse(complete)) throw new ConfigError("login_url is not a URL");
  return complete.replace(/\/+$/, "");
}
