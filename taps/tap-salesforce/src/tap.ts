/** tap-salesforce: every object the user can see, over the REST API or Bulk API 2.0. */
import { readFileSync } from "node:fs";
import { createHttpClient, type HttpHeaders, sessionCredentials } from "@bizops/http-client";
import type { Tap } from "@bizops/tap-kit";
import { createBulkAllowance } from "./bulk-allowance.ts";
import { describeObjects } from "./describe.ts";
import { createLogin } from "./login.ts";
import { createQueryStream } from "./query-stream.ts";
import { classifyError } from "./read-error.ts";
import { readSettings, settingsSchema } from "./settings.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

export const tap: Tap = {
  name: "tap-salesforce",
  version,
  description: "Singer tap for Salesforce: all objects, fields by describe, REST and Bulk 2.0.",
  doc: "https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/intro_rest.htm",
  settings: settingsSchema,
  async connect({ settings: values, log, signal }) {
    const settings = readSettings(values);
    const { maxRetries, timeoutSeconds } = settings;
    const userAgent = settings.userAgent ?? `tap-salesforce/${version}`;
    const shared = { maxRetries, timeoutSeconds, userAgent, log, signal };
    const authenticator = sessionCredentials(createLogin(settings, shared));
    await authenticator.authorize();
    const client = createHttpClient({
      ...shared,
      authenticator,
      classify: classifyError,
      quota: {
        read: readUsage,
        percentTotal: settings.quotaPercentTotal,
        percentPerRun: settings.quotaPercentPerRun,
      },
    });
    const allowance = createBulkAllowance(client, settings);
    return {
      async discover(wanted) {
        const objects = await describeObjects(client, settings, wanted, log);
        const connection = { client, allowance, settings };
        return objects.map((object) => createQueryStream(object, connection));
      },
    };
  },
};

/**
 * `Sforce-Limit-Info: api-usage=18/5000; per-app-api-usage=17/250(appName=x)`
 * https://developer.salesforce.com/docs/atlas.en-us.api_rest.meta/api_rest/headers_api_usage.htm
 */
function readUsage(headers: HttpHeaders): { used: number; limit: number } | undefined {
  const found = /(?:^|[\s;,])api-usage=(\d+)\/(\d+)/.exec(headers["sforce-limit-info"] ?? "");
  return found === null ? undefined : { used: Number(found[1]), limit: Number(found[2]) };
}
