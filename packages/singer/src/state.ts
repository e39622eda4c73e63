/** State: the bookmarks a tap resumes from. */
import { ConfigError } from "./errors.ts";
import type { JsonObject, JsonValue } from "./json.ts";

/** Where one stream stands; its shape is the stream's own. */
export type Bookmark = JsonObject;

/** Singer's conventional state. Properties of other tools are carried along untouched. */
export interface State {
  readonly bookmarks: { readonly [stream: string]: Bookmark };
  readonly currently_syncing?: string | null;
  readonly [property: string]: unknown;
}

/** The state of a first run. */
export const emptyState: State = { bookmarks: {} };

/**
 * Reads a parsed state file; also accepts a whole STATE message, as people save them.
 * @throws ConfigError if it is not a state
 */
export function parseState(value: JsonValue): State {
  const state = isMessage(value) ? value.value : value;
  if (!isObject(state)) throw new ConfigError("the state must be a JSON object");
  const bookmarks = state.bookmarks ?? {};
  if (!isObject(bookmarks)) throw new ConfigError('the state\'s "bookmarks" must be an object');
  for (const [stream, bookmark] of Object.entries(bookmarks)) {
    if (!isObject(bookmark as JsonValue)) {
      throw new ConfigError(`the state's bookmark of ${stream} must be an object`);
    }
  }
  return { ...state, bookmarks: bookmarks as State["bookmarks"] };
}

/** The state after a stream has reached a bookmark. */
export function withBookmark(state: State, stream: string, bookmark: Bookmark): State {
  return { ...state, bookmarks: { ...state.bookmarks, [stream]: bookmark } };
}

function isMessage(value: JsonValue): value is { type: "STATE"; value: JsonValue } {
  return isObject(value) && value.type === "STATE" && "value" in value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
