/** Marketo's API as the streams use it: counted calls, answers with `success`, files with their checksum. */
import type { Download, HttpClient, HttpHeaders } from "@bizops/http-client";
import { ContractError, type JsonObject, type JsonValue, QuotaError } from "@bizops/singer";

export interface ApiCall {
  readonly method?: "GET" | "POST";
  readonly url: string;
  readonly template: string;
  readonly params?: { readonly [name: string]: string | number };
  readonly body?: JsonValue;
}

export interface MarketoApi {
  /** @returns the answer, whose `result` may be absent */
  call(call: ApiCall): Promise<JsonObject>;
  download(call: ApiCall): Promise<Download>;
  /** Now by Marketo's clock, which its rows go by; whole seconds, epoch milliseconds. */
  now(): Promise<number>;
}

/** Others use the subscription too, so how much is used is asked again after so many calls of ours. */
const callsBetweenLooks = 250;

/** @param maxDailyCalls at which the run ends, whoever made them */
export function createMarketoApi(client: HttpClient, maxDailyCalls: number): MarketoApi {
  let used = 0;
  let untilLook = 0;
  let skew: number | undefined;

  const learn = (headers: HttpHeaders) => {
    const date = Date.parse(headers.date ?? "");
    if (!Number.isNaN(date)) skew = date - Date.now();
  };
  const send = async ({ method = "GET", ...call }: ApiCall): Promise<JsonObject> => {
    const { data, headers } = await client.request({
      ...call,
      method,
      parse: "json",
      // Creating or queueing an export twice costs nothing: what is not looked at is not run.
      idempotent: true,
    });
    learn(headers);
    if (typeof data !== "object" || data === null || !("success" in data)) {
      throw new ContractError(`${method} ${call.template}: the answer does not say if it is one`);
    }
    return data as JsonObject;
  };
  /** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/usage */
  const look = async () => {
    const path = "/rest/v1/stats/usage.json";
    const { result } = await send({ url: path, template: path });
    const today = (Array.isArray(result) ? result[0] : undefined) as JsonObject | undefined;
    used = Number(today?.total ?? 0);
    untilLook = callsBetweenLooks;
  };
  const spend = async () => {
    if (untilLook <= 0) await look();
    if (used >= maxDailyCalls) {
      throw new QuotaError(
        `${used} of the subscription's API calls of the day are used, the limit set is ${maxDailyCalls} (max_daily_calls); run again after midnight US Central`,
      );
    }
    used += 1;
    untilLook -= 1;
  };
  return {
    async call(call) {
      await spend();
      return send(call);
    },
    async download(call) {
      await spend();
      const download = await client.download({ ...call, ranged: true });
      learn(download.headers);
      return download;
    },
    async now() {
      if (skew === undefined) await look();
      const now = Date.now() + (skew ?? 0);
      return now - (now % 1000);
    },
  };
}

/** The rows of an answer; none where `result` is absent, as it is behind the last page. */
export function rowsOf({ result }: JsonObject): readonly JsonObject[] {
  return Array.isArray(result) ? (result as readonly JsonObject[]) : [];
}
