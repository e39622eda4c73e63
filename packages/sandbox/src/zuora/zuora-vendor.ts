/** Zuora as one of the company's vendors. */
import type { Call, Reply } from "../http/exchange.ts";
import { textReply } from "../http/exchange.ts";
import type { Route } from "../http/routes.ts";
import type { Vendor, VendorContext } from "../vendor.ts";
import type { World } from "../world/world.ts";
import { makeAqua } from "./api/aqua.ts";
import { makeFiles } from "./api/files.ts";
import { makeObjectExport } from "./api/object-export.ts";
import { makeSignIn, tokenOf } from "./api/sign-in.ts";
import { ZUORA_CREDENTIALS, type ZuoraCredentials } from "./credentials.ts";
import { describeXml, listXml } from "./describe-xml.ts";
import { ALL_ZUORA_OBJECTS, findZuoraObject } from "./objects/all-objects.ts";
import { writeTruth } from "./truth.ts";
import { reasons, ZuoraError } from "./vendor-error.ts";

export function makeZuora({
  world,
  baseUrl,
  sessionSeconds,
}: VendorContext): Vendor<ZuoraCredentials> {
  const signIn = makeSignIn(ZUORA_CREDENTIALS, sessionSeconds);
  const files = makeFiles();
  const aqua = makeAqua(world, files);
  const exports = makeObjectExport(world, files);
  const xml = (text: string) => textReply(200, text, "application/xml;charset=UTF-8");
  const describe = (name: string): Reply => {
    const object = findZuoraObject(name);
    return object ? xml(describeXml(object, baseUrl())) : notFound();
  };
  const guarded: readonly Route[] = [
    get("/v1/describe", () => xml(listXml(ALL_ZUORA_OBJECTS, baseUrl()))),
    get("/v1/describe/{object}", ({ object }) => describe(object!)),
    post("/v1/object/export", (call) => exports.create(call)),
    get("/v1/object/export/{id}", ({ id }) => exports.look(id!)),
    get("/v1/files/{id}", ({ id }) => files.read(id!)),
    post("/v1/batch-query", (call) => aqua.submit(call)),
    get("/v1/batch-query/jobs/{id}", ({ id }) => aqua.look(id!)),
    {
      method: "DELETE",
      template: "/v1/batch-query/jobs/{id}",
      answer: (_call, { id }) => aqua.remove(id!),
    },
    get("/v1/file/{id}", ({ id }) => files.read(id!)),
  ];
  return {
    name: "zuora",
    roots: ["oauth", "v1"],
    routes: [
      post("/oauth/token", (call) => withDate(signIn.answerToken(call), world())),
      ...guarded.map(
        (route): Route => ({
          ...route,
          answer: (call, params) => {
            try {
              signIn.check(call);
              return withDate(route.answer(call, params), world());
            } catch (error) {
              if (error instanceof ZuoraError) return withDate(error.reply, world());
              throw error;
            }
          },
        }),
      ),
    ],
    credentials: ZUORA_CREDENTIALS,
    paths: { zuora: "", zuoraToken: "/oauth/token" },
    counts: () =>
      Object.fromEntries(ALL_ZUORA_OBJECTS.map(({ name, table }) => [name, table(world()).count])),
    truth(name) {
      const object = findZuoraObject(name);
      return object === undefined ? null : writeTruth(object, world());
    },
    expireSessions: (call) => signIn.expire(call && (tokenOf(call) ?? "")),
    notFound,
    methodNotAllowed: (method) => reasons(405, 50000050, `Method ${method} is not supported`),
    quotaSpent: () => reasons(429, 50000070, "Request exceeded limit"),
    failureBody: () => "The sandbox was told to fail.",
  };
}

function get(template: string, answer: (params: Readonly<Record<string, string>>) => Reply): Route {
  return { method: "GET", template, answer: (_call, params) => answer(params) };
}

function post(template: string, answer: (call: Call) => Reply): Route {
  return { method: "POST", template, answer };
}

function notFound(): Reply {
  return reasons(404, 50000040, "Cannot find the resource");
}

/** The vendor's own clock, which stands still with the company's. */
function withDate(reply: Reply, world: World): Reply {
  return { ...reply, headers: { ...reply.headers, date: new Date(world.now).toUTCString() } };
}
