/** Finds what answers a path, and the template under which the call is counted. */
import type { Call, Reply } from "./exchange.ts";

export type Params = Readonly<Record<string, string>>;

export interface Route {
  readonly method: string;
  /** A path with `{name}` for one segment, as in `/sandbox/truth/{vendor}/{object}`. */
  readonly template: string;
  answer(call: Call, params: Params): Reply;
}

export interface Match {
  readonly route: Route;
  readonly params: Params;
}

/** Makes a finder; a path that has routes, but none for the method, is "method". */
export function makeRouter(
  routes: readonly Route[],
): (method: string, path: string) => Match | "method" | null {
  const compiled = routes.map((route) => ({ route, pattern: patternOf(route.template) }));
  return (method, path) => {
    let known = false;
    for (const { route, pattern } of compiled) {
      const found = pattern.exec(path);
      if (!found) continue;
      if (route.method === method) return { route, params: decode(found.groups ?? {}) };
      known = true;
    }
    return known ? "method" : null;
  };
}

function patternOf(template: string): RegExp {
  const escaped = template.replace(/[.]/g, "\\.");
  return new RegExp(`^${escaped.replace(/\{(\w+)\}/g, "(?<$1>[^/]+)")}/?$`);
}

function decode(groups: Record<string, string>): Params {
  const params: Record<string, string> = {};
  for (const [name, value] of Object.entries(groups)) params[name] = safeDecode(value);
  return params;
}

function safeDecode(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
