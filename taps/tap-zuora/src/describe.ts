/** What the tenant has: its objects, and the fields and joins of those that are wanted. */
import type { HttpClient } from "@bizops/http-client";
import { ContractError, type Log } from "@bizops/singer";
import { XMLParser } from "fast-xml-parser";
import { defaultObjects } from "./default-objects.ts";

/** The part of a field's describe that matters here. */
export interface FieldDescribe {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly custom: boolean;
  readonly exported: boolean;
}

/** The part of an object's describe that matters here. */
export interface ObjectDescribe {
  readonly name: string;
  readonly label: string;
  readonly fields: readonly FieldDescribe[];
  /** Objects whose Id an export can join: `Account` for `Account.Id`. */
  readonly joins: readonly string[];
  /** Zuora's own time of the answer, RFC 3339; ours may differ. */
  readonly at: string;
}

/**
 * https://developer.zuora.com/v1-api-reference/older-api/operation/GET_Describe/
 * @param wanted names of objects, or all, or those of the shipped list
 * @returns the objects that are wanted and have an Id that can be exported
 */
export async function describeObjects(
  client: HttpClient,
  wanted: "all" | "selected-by-default" | ReadonlySet<string>,
  log: Log,
): Promise<ObjectDescribe[]> {
  const list = await readXml(client, "/v1/describe", "/v1/describe");
  const names = inside(list.objects).object?.map(({ name }) => String(name)) ?? [];
  const asked = wanted === "selected-by-default" ? defaultObjects : wanted;
  const described: ObjectDescribe[] = [];
  for (const name of names.filter((each) => asked === "all" || asked.has(each))) {
    try {
      described.push(await describeObject(client, name));
    } catch (error) {
      // Zuora lists objects it does not describe. Whoever selects one is told that it is not there.
      if (!(error instanceof ContractError)) throw error;
      log.warning(`${name} cannot be described and is left out`);
    }
  }
  return described.filter(({ fields }) =>
    fields.some(({ name, exported }) => name === "Id" && exported),
  );
}

async function describeObject(client: HttpClient, name: string): Promise<ObjectDescribe> {
  const path = `/v1/describe/${encodeURIComponent(name)}`;
  const { object: elements, at } = await readXml(client, path, "/v1/describe/{object}");
  const object = elements?.[0] ?? {};
  const fields = inside(object.fields).field ?? [];
  return {
    name,
    label: String(object.label ?? name),
    fields: fields.map((field) => ({
      name: String(field.name),
      label: String(field.label ?? field.name),
      type: String(field.type),
      custom: field.custom === "true",
      exported: (inside(field.contexts).context ?? []).map(String).includes("export"),
    })),
    joins: inside(object["related-objects"]).object?.map((each) => String(each.name)) ?? [],
    at,
  };
}

/** An element with elements; those named in `lists` come as arrays. */
interface Element {
  readonly [name: string]: unknown;
  readonly object?: readonly Element[];
  readonly field?: readonly Element[];
  readonly context?: readonly unknown[];
}

const lists = new Set(["object", "field", "context"]);

async function readXml(
  client: HttpClient,
  url: string,
  template: string,
): Promise<Element & { at: string }> {
  const { data, headers } = await client.request({ url, template, parse: "text" });
  const time = Date.parse(headers.date ?? "");
  if (Number.isNaN(time)) throw new ContractError(`GET ${template}: the answer has no Date`);
  const parser = new XMLParser({ parseTagValue: false, isArray: (name) => lists.has(name) });
  return { ...inside(parser.parse(data)), at: new Date(time).toISOString() };
}

/** An element without anything in it is parsed as an empty text. */
function inside(value: unknown): Element {
  return typeof value === "object" && value !== null ? (value as Element) : {};
}
