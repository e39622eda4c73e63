/** tap-marketo: leads and activities by bulk exports, programs and lists over REST. */
import { readFileSync } from "node:fs";
import { createHttpClient, sessionCredentials } from "@bizops/http-client";
import type { Stream, Tap } from "@bizops/tap-kit";
import { discoverActivities } from "./activity-streams.ts";
import { discoverLeads } from "./lead-stream.ts";
import { createListStreams } from "./list-streams.ts";
import { createLogin } from "./login.ts";
import { createMarketoApi } from "./marketo-api.ts";
import { createProgramDetailStreams } from "./program-details.ts";
import { classifyError } from "./read-error.ts";
import { readSettings, settingsSchema } from "./settings.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

export const tap: Tap = {
  name: "tap-marketo",
  version,
  description: "Singer tap for Marketo: leads and activities by bulk extract, programs, costs.",
  doc: "https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/rest-api",
  settings: settingsSchema,
  async connect({ settings: values, log, signal }) {
    const settings = readSettings(values);
    const { maxRetries, timeoutSeconds } = settings;
    const userAgent = settings.userAgent ?? `tap-marketo/${version}`;
    const shared = { maxRetries, timeoutSeconds, userAgent, log, signal };
    const authenticator = sessionCredentials(createLogin(settings, shared));
    await authenticator.authorize();
    const client = createHttpClient({
      ...shared,
      authenticator,
      classify: classifyError,
      rateLimit: { requests: settings.maxCallsPer20Seconds, perSeconds: 20 },
    });
    const api = createMarketoApi(client, settings.maxDailyCalls);
    return {
      async discover(): Promise<readonly Stream[]> {
        return [
          await discoverLeads(api, settings),
          ...(await discoverActivities(api, settings)),
          ...createListStreams(api),
          ...createProgramDetailStreams(api),
        ];
      },
    };
  },
};
