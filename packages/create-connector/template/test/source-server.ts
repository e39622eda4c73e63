/** A small Acme: what the tests run the tap against. Make it as strict as the real one. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export interface Customer {
  readonly id: number;
  readonly name: string;
  readonly email: string;
  readonly notes: string;
  readonly plan_id: string;
  readonly updated_at: string;
}

const pageSize = 2;

/** @param failures statuses that the next calls are answered with */
export async function startSource(customers: readonly Customer[], failures: number[] = []) {
  const answer = (path: string, query: URLSearchParams): unknown => {
    if (path === "/plans") return { data: [{ id: "basic", name: "Basic", price: 9.9 }] };
    if (path !== "/customers") return undefined;
    const since = query.get("updated_since") ?? "";
    const from = Number(query.get("cursor") ?? 0);
    const found = customers.filter(({ updated_at }) => updated_at >= since);
    const next = from + pageSize < found.length ? from + pageSize : null;
    return { data: found.slice(from, from + pageSize), next };
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    const failure = failures.shift();
    const known = request.headers.authorization === "Bearer test-key";
    const body = answer(url.pathname, url.searchParams);
    const status = failure ?? (known ? (body === undefined ? 404 : 200) : 401);
    response.writeHead(status, { "content-type": "application/json", "retry-after": "0.01" });
    response.end(JSON.stringify(status === 200 ? body : { error: status }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}
