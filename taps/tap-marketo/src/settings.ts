/** The settings of tap-marketo, and what they come to. */
import type { SettingsSchema } from "@bizops/connector-kit";
import { ConfigError, type JsonValue } from "@bizops/singer";

export const settingsSchema: SettingsSchema = {
  type: "object",
  required: ["endpoint", "client_id", "client_secret", "start_date"],
  properties: {
    endpoint: {
      type: "string",
      "x-env": ["MARKETO_ENDPOINT"],
      description:
        "The subscription's REST endpoint, https://123-ABC-456.mktorest.com, with or without /rest.",
    },
    identity: {
      type: "string",
      description: "The subscription's identity endpoint. Default: /identity at the endpoint.",
    },
    client_id: {
      type: "string",
      minLength: 1,
      "x-env": ["MARKETO_CLIENT_ID"],
      description: "Client id of a custom service (LaunchPoint).",
    },
    client_secret: {
      type: "string",
      minLength: 1,
      "x-env": ["MARKETO_CLIENT_SECRET"],
      "x-secret": true,
      description: "Client secret of the custom service.",
    },
    start_date: {
      type: "string",
      format: "date-time",
      description:
        "RFC 3339. Bulk exports need a beginning: a first run reads nothing older. Without the updatedAt filter set it before your oldest lead.",
    },
    max_daily_calls: {
      type: "integer",
      minimum: 1,
      default: 40_000,
      description: "Stop before the subscription's API calls of the day, by whomever, exceed this.",
    },
    max_calls_per_20_seconds: {
      type: "integer",
      minimum: 1,
      default: 90,
      description:
        "The tap's share of the 100 calls in 20 seconds that Marketo allows a subscription.",
    },
    max_export_days: {
      type: "integer",
      minimum: 1,
      maximum: 31,
      default: 30,
      description: "Days one bulk export covers.",
    },
    poll_interval: {
      type: "number",
      exclusiveMinimum: 0,
      default: 60,
      description: "The longest wait, in seconds, between two looks at a bulk export.",
    },
    job_timeout: {
      type: "number",
      exclusiveMinimum: 0,
      default: 10_800,
      description: "Seconds a bulk export may take. A later run goes on with it.",
    },
    lookback_window: {
      type: "integer",
      minimum: 0,
      default: 86_400,
      description:
        "Seconds before the bookmark from which a run reads leads and activities again, as Marketo files some late.",
    },
  },
};

export interface MarketoSettings {
  /** Without a slash at its end, and without /rest. */
  readonly endpoint: string;
  readonly identity: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly maxDailyCalls: number;
  readonly maxCallsPer20Seconds: number;
  readonly maxExportSeconds: number;
  readonly pollSeconds: number;
  readonly jobTimeoutSeconds: number;
  readonly lookbackSeconds: number;
  readonly userAgent: string | undefined;
  readonly timeoutSeconds: number;
  readonly maxRetries: number;
}

/**
 * @param values validated against `settingsSchema`, defaults filled in
 * @throws ConfigError if an address is none
 */
export function readSettings(values: { readonly [name: string]: JsonValue }): MarketoSettings {
  const endpoint = completeUrl("endpoint", String(values.endpoint)).replace(/\/rest$/, "");
  return {
    endpoint,
    identity: completeUrl("identity", text(values.identity) ?? `${endpoint}/identity`),
    clientId: String(values.client_id),
    clientSecret: String(values.client_secret),
    maxDailyCalls: Number(values.max_daily_calls),
    maxCallsPer20Seconds: Number(values.max_calls_per_20_seconds),
    maxExportSeconds: Number(values.max_export_days) * 86_400,
    pollSeconds: Number(values.poll_interval),
    jobTimeoutSeconds: Number(values.job_timeout),
    lookbackSeconds: Number(values.lookback_window),
    userAgent: text(values.user_agent),
    timeoutSeconds: Number(values.request_timeout),
    maxRetries: Number(values.max_retries),
  };
}

/** Orchestrators hand down unset variables as blank texts. */
function text(value: JsonValue | undefined): string | undefined {
  return typeof value === "string" && value.trim() !== "" ? value : undefined;
}

function completeUrl(setting: string, url: string): string {
  const complete = /^https?:\/\//i.test(url) ? url : `https://${url}`;
  if (!URL.canParse(complete)) throw new ConfigError(`${setting} is not a URL`);
  return complete.replace(/\/+$/, "");
}
