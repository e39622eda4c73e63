/** Several reads in one call. */
import type { Call, Reply } from "../../http/exchange.ts";
import { textReply } from "../../http/exchange.ts";
import { VendorError } from "../vendor-error.ts";

const MOST_SUBREQUESTS = 25;

/** POST /composite/batch: each answer stands beside its status, in the order of the requests. */
export function answerBatch(call: Call, run: (call: Call) => Reply): Reply {
  const requests = requestsOf(call);
  if (requests.length > MOST_SUBREQUESTS) {
    throw new VendorError(
      400,
      "LIMIT_EXCEEDED",
      `The batch is limited to ${MOST_SUBREQUESTS} requests, ${requests.length} were given.`,
    );
  }
  let hasErrors = false;
  const results = requests.map((request) => {
    const reply = run(subcall(request, call));
    if (reply.status >= 400) hasErrors = true;
    return `{"statusCode":${reply.status},"result":${reply.body.toString() || "null"}}`;
  });
  const body = `{"hasErrors":${hasErrors},"results":[${results.join(",")}]}`;
  return textReply(200, body, "application/json;charset=UTF-8");
}

function requestsOf(call: Call): Record<string, unknown>[] {
  try {
    const body = JSON.parse(call.body) as { batchRequests?: unknown };
    if (Array.isArray(body.batchRequests)) return body.batchRequests;
  } catch {
    // Falls through to the vendor's own refusal.
  }
  throw new VendorError(400, "JSON_PARSER_ERROR", "batchRequests must be a list");
}

/** A subrequest's url is relative to /services/data/. */
function subcall(request: Record<string, unknown>, call: Call): Call {
  const relative = String(request.url ?? "").replace(/^\/?(services\/data\/)?/, "");
  const url = new URL(`/services/data/${relative}`, "http://localhost");
  return {
    method: String(request.method ?? "GET").toUpperCase(),
    path: url.pathname,
    query: url.searchParams,
    headers: call.headers,
    body: "",
  };
}
