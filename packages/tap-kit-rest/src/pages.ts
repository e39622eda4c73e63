/** How a source cuts its lists into pages. */
import type { HttpHeaders } from "@bizops/http-client";
import type { JsonValue } from "@bizops/singer";
import { lookUp } from "./look-up.ts";

/** What is asked for beside the stream's own path and params. */
export interface PageRequest {
  readonly params?: { readonly [name: string]: string | number };
  /** A whole address, in the place of path and params. */
  readonly url?: string;
}

export interface PageAnswer {
  readonly data: JsonValue;
  readonly headers: HttpHeaders;
  /** How many records it held. */
  readonly count: number;
}

export interface Pages {
  readonly first: PageRequest;
  /** The request for the page after `answer`; undefined at the end. */
  next(answer: PageAnswer, previous: PageRequest): PageRequest | undefined;
}

/** The first answer is all there is. */
export const noPages: Pages = { first: {}, next: () => undefined };

interface PageSize {
  readonly sizeInto?: string;
  readonly size?: number;
}

function sizeParams({ sizeInto, size }: PageSize): { [name: string]: number } {
  return sizeInto === undefined || size === undefined ? {} : { [sizeInto]: size };
}

/**
 * An answer holds the cursor of the next page.
 * @param nextFrom path of the cursor in the answer; none, null or blank ends the list
 * @param into parameter that carries it
 * @param moreFrom path of a boolean that ends the list where the cursor does not
 */
export function cursorPages(
  options: { nextFrom: string; into: string; moreFrom?: string } & PageSize,
): Pages {
  const first = { params: sizeParams(options) };
  return {
    first,
    next({ data }) {
      if (options.moreFrom !== undefined && lookUp(data, options.moreFrom) !== true) return;
      const cursor = lookUp(data, options.nextFrom);
      if (cursor === undefined || cursor === null || cursor === "") return;
      return { params: { ...first.params, [options.into]: String(cursor) } };
    },
  };
}

/** An answer holds the address of the next page: at a path, or in its Link header. */
export function linkPages(options: { nextFrom?: string } & PageSize = {}): Pages {
  return {
    first: { params: sizeParams(options) },
    next({ data, headers }) {
      const url =
        options.nextFrom === undefined
          ? /<([^>]*)>\s*;[^,]*\brel="?next\b/.exec(headers.link ?? "")?.[1]
          : lookUp(data, options.nextFrom);
      return typeof url === "string" && url !== "" ? { url } : undefined;
    },
  };
}

/** Pages are counted in records; one that is not full is the last. */
export function offsetPages(options: { into: string; sizeInto: string; size: number }): Pages {
  return countedPages(options.into, 0, options.size, options);
}

/** Pages are counted; one that is not full is the last. */
export function pageNumberPages(options: {
  into: string;
  sizeInto: string;
  size: number;
  first?: number;
}): Pages {
  return countedPages(options.into, options.first ?? 1, 1, options);
}

function countedPages(
  into: string,
  start: number,
  step: number,
  options: Required<PageSize>,
): Pages {
  const at = (position: number) => ({ params: { ...sizeParams(options), [into]: position } });
  return {
    first: at(start),
    next: ({ count }, previous) =>
      count < options.size ? undefined : at(Number(previous.params?.[into]) + step),
  };
}
