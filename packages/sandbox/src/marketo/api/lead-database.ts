/** Leads, activities, smart campaigns and lists, as REST has them. */
import type { Call, Reply } from "../../http/exchange.ts";
import type { Route } from "../../http/routes.ts";
import type { World } from "../../world/world.ts";
import {
  ACTIVITY_TYPES,
  describeActivityType,
  showActivity,
  TYPE_OF_KIND,
} from "../activity-types.ts";
import { makeAssetNames, showCampaigns, showList } from "../assets.ts";
import { leadId } from "../ids.ts";
import { describeLeads, findLeadField, LEAD_FIELDS } from "../lead-fields.ts";
import { MarketoError, success } from "../vendor-error.ts";
import { firstFrom } from "./export-source.ts";
import { answerBatch, placeToken, readCount, readPlace } from "./lists.ts";

const MOST_LEADS = 300;
/** Activities looked at for one page; a page may hold none of them and still have more behind it. */
const LOOKED_AT = 2000;

export function makeLeadDatabase(world: () => World): Route[] {
  const get = (template: string, answer: Route["answer"]): Route => ({
    method: "GET",
    template: `/rest/v1${template}`,
    answer,
  });
  return [
    get("/leads/describe.json", () => success(describeLeads())),
    get("/leads.json", (call) => answerLeads(call, world())),
    get("/activities/types.json", () => success(ACTIVITY_TYPES.map(describeActivityType))),
    get("/activities/pagingtoken.json", (call) => {
      const since = Date.parse(call.query.get("sinceDatetime") ?? "");
      if (Number.isNaN(since)) throw new MarketoError("1003", "Invalid sinceDatetime");
      return success(undefined, { nextPageToken: placeToken(firstFrom(world(), since)) });
    }),
    get("/activities.json", (call) => {
      const ids = (call.query.get("activityTypeIds") ?? "").split(",").map(Number);
      if (ids.length > 10) throw new MarketoError("1003", "Too many activityTypeIds");
      return answerActivities(call, world(), (id) => id !== 37 && ids.includes(id));
    }),
    get("/activities/deletedleads.json", (call) =>
      answerActivities(call, world(), (id) => id === 37),
    ),
    get("/campaigns.json", (call) => answerBatch(call, programsOf(world()).flatMap(showCampaigns))),
    get("/lists.json", (call) => answerBatch(call, programsOf(world()).map(showList))),
  ];
}

function programsOf({ programs }: World) {
  return Array.from({ length: programs.count }, (_none, position) => programs.row(position));
}

/** By filterType id alone; what tests of readers by key need. */
function answerLeads(call: Call, { marketingLeads }: World): Reply {
  if (call.query.get("filterType") !== "id") {
    throw new MarketoError("1003", "Invalid filterType");
  }
  const names = call.query.get("fields")?.split(",") ?? ["id", "firstName", "lastName", "email"];
  for (const name of names) {
    if (!findLeadField(name)) throw new MarketoError("1006", `Field '${name}' not found`);
  }
  const columns = LEAD_FIELDS.filter(({ name }) => names.includes(name));
  const ids = (call.query.get("filterValues") ?? "").split(",").slice(0, MOST_LEADS);
  const rows = ids.flatMap((id) => {
    const position = marketingLeads.find(Number(id) - leadId(0));
    if (position < 0 || marketingLeads.isDeleted(position)) return [];
    const lead = marketingLeads.row(position);
    return [Object.fromEntries(columns.map(({ name, read }) => [name, read(lead)]))];
  });
  return success(rows);
}

function answerActivities(call: Call, world: World, wants: (type: number) => boolean): Reply {
  const token = call.query.get("nextPageToken");
  if (token === null) throw new MarketoError("1003", "nextPageToken is required");
  const size = readCount(call, "batchSize", MOST_LEADS, MOST_LEADS) || MOST_LEADS;
  const { engagements } = world;
  const order = engagements.byChange();
  const names = makeAssetNames(world);
  const rows: object[] = [];
  let at = readPlace(token);
  const end = Math.min(order.length, at + LOOKED_AT);
  for (; at < end && rows.length < size; at++) {
    const position = order[at]!;
    const key = engagements.keyAt(position);
    if (!wants(TYPE_OF_KIND.get(world.engagementKindOf(key))!.id)) continue;
    const { attributes, ...activity } = showActivity(engagements.row(position), names);
    const listed = Object.entries(attributes).map(([name, value]) => ({ name, value }));
    rows.push({ id: key, ...activity, attributes: listed });
  }
  // Without rows `result` is left out, whether there is more or not.
  return success(rows.length > 0 ? rows : undefined, {
    nextPageToken: placeToken(at),
    moreResult: at < order.length,
  });
}
