/** tap-zuora: every object of the tenant that can be exported, by AQuA or by the REST API. */
import { readFileSync } from "node:fs";
import type { Tap } from "@bizops/tap-kit";
import { describeObjects } from "./describe.ts";
import { createExportStream } from "./export-stream.ts";
import { readSettings, settingsSchema } from "./settings.ts";
import { signIn } from "./sign-in.ts";

const { version } = JSON.parse(
  readFileSync(new URL("../package.json", import.meta.url), "utf8"),
) as { version: string };

export const tap: Tap = {
  name: "tap-zuora",
  version,
  description: "Singer tap for Zuora: all objects that can be exported, by AQuA or REST.",
  doc: "https://developer.zuora.com/v1-api-reference/introduction/",
  settings: settingsSchema,
  async connect({ settings: values, log, signal }) {
    const settings = readSettings(values);
    const { baseUrl, maxRetries, timeoutSeconds } = settings;
    const userAgent = settings.userAgent ?? `tap-zuora/${version}`;
    const options = { baseUrl, maxRetries, timeoutSeconds, userAgent, log, signal };
    const clients = await signIn(settings.login, options);
    return {
      async discover(wanted) {
        const objects = await describeObjects(clients.rest, wanted, log);
        return objects.map((object) => createExportStream(object, clients, settings));
      },
    };
  },
};
