/** Superset's API as somebody who works in Superset uses it, without any code of ours. */

/** Things by their titles. */
export interface SupersetApi {
  read(kind: "chart", title: string): Promise<{ readonly [field: string]: unknown } | undefined>;
  change(kind: "chart", title: string, change: object): Promise<void>;
  remove(kind: "chart", title: string): Promise<void>;
}

/** @throws if Superset refuses */
export async function connectApi(
  url: string,
  username: string,
  password: string,
): Promise<SupersetApi> {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${url}/api/v1/${path}`, init);
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  const login = await ask("security/login", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ username, password, provider: "db" }),
  });
  const { access_token } = (await login.json()) as { access_token: string };
  const bearer = { Authorization: `Bearer ${access_token}` };
  const proof = await ask("security/csrf_token/", { headers: bearer });
  const { result } = (await proof.json()) as { result: string };
  const headers = {
    ...bearer,
    "Content-Type": "application/json",
    "X-CSRFToken": result,
    Cookie: proof.headers.getSetCookie()[0]!.split(";")[0]!,
    Referer: url,
  };
  const find = async (kind: string, title: string) => {
    const query = `(filters:!((col:slice_name,opr:eq,value:'${title}')))`;
    const response = await ask(`${kind}/?q=${encodeURIComponent(query)}`, { headers });
    const body = (await response.json()) as { result: { id: number }[] };
    return body.result[0];
  };
  return {
    read: find,
    async change(kind, title, change) {
      const { id } = (await find(kind, title))!;
      await ask(`${kind}/${id}`, { method: "PUT", headers, body: JSON.stringify(change) });
    },
    async remove(kind, title) {
      const { id } = (await find(kind, title))!;
      await ask(`${kind}/${id}`, { method: "DELETE", headers });
    },
  };
}
