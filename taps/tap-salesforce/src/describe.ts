/** What the organisation has: its objects, and the fields of those that are wanted. */
import type { HttpClient } from "@bizops/http-client";
import { ConfigError, type JsonObject, type Log, UnavailableError } from "@bizops/singer";
import { defaultObjects, isReadable, type ObjectListing } from "./default-objects.ts";
import type { FieldDescribe } from "./field-schema.ts";
import type { SalesforceSettings } from "./settings.ts";

/** The part of an object's describe that matters here. */
export interface ObjectDescribe {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly FieldDescribe[];
}

/** The most subrequests a composite batch takes. */
const describesPerCall = 25;

/** Statuses under which an object exists and this user may not describe it. */
const notForUs = new Set([400, 403, 404]);

/**
 * @param wanted names of objects, or all that can be read, or those of the shipped list
 * @returns the objects of the organisation that are wanted, have an Id and can be read
 * @throws ConfigError if the setting `objects` names one that is not there
 */
export async function describeObjects(
  client: HttpClient,
  { apiVersion, objects }: SalesforceSettings,
  wanted: "all" | "selected-by-default" | ReadonlySet<string>,
  log: Log,
): Promise<ObjectDescribe[]> {
  const readable = new Set((await listObjects(client, apiVersion)).filter(isReadable).map(nameOf));
  const unknown = [...(objects ?? [])].filter((name) => !readable.has(name));
  if (unknown.length > 0) {
    throw new ConfigError(
      `objects: ${unknown.join(", ")} cannot be read: no such object, or the user may not see it`,
    );
  }
  const asked = wanted === "selected-by-default" ? defaultObjects : wanted;
  const names = [...(objects ?? readable)].filter((name) => asked === "all" || asked.has(name));
  if (wanted === "selected-by-default") {
    const absent = [...defaultObjects].filter((name) => !readable.has(name));
    if (absent.length > 0) log.warning("objects this user cannot see are left out", { absent });
  }

  const described: ObjectDescribe[] = [];
  for (let start = 0; start < names.length; start += describesPerCall) {
    const batch = names.slice(start, start + describesPerCall);
    described.push(...(await describeBatch(client, apiVersion, batch, log)));
  }
  return described.filter(({ fields }) => fields.some(({ name }) => name === "Id"));
}

async function listObjects(client: HttpClient, apiVersion: string): Promise<ObjectListing[]> {
  const path = `/services/data/v${apiVersion}/sobjects`;
  const { data } = await client.request({ url: path, template: path, parse: "json" });
  return (data as JsonObject).sobjects as unknown as ObjectListing[];
}

async function describeBatch(
  client: HttpClient,
  apiVersion: string,
  names: readonly string[],
  log: Log,
): Promise<ObjectDescribe[]> {
  const path = `/services/data/v${apiVersion}/composite/batch`;
  const { data } = await client.request({
    method: "POST",
    url: path,
    template: path,
    body: {
      batchRequests: names.map((name) => ({
        method: "GET",
        url: `v${apiVersion}/sobjects/${name}/describe`,
      })),
    },
    parse: "json",
    idempotent: true,
  });
  const results = (data as JsonObject).results as unknown as readonly BatchResult[];
  return results.flatMap(({ statusCode, result }, index) => {
    if (statusCode === 200) return [result];
    const name = names[index] as string;
    if (!notForUs.has(statusCode)) {
      throw new UnavailableError(`Salesforce could not describe ${name} (status ${statusCode})`);
    }
    // Whoever selects it is told that the source does not have it.
    log.warning(`${name} cannot be described and is left out`, { status: statusCode });
    return [];
  });
}

interface BatchResult {
  readonly statusCode: number;
  readonly result: ObjectDescribe;
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}
