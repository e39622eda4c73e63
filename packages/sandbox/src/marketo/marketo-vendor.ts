/** Marketo as one of the company's vendors. */
import type { Vendor, VendorContext } from "../vendor.ts";
import type { World } from "../world/world.ts";
import {
  ACTIVITY_TYPES,
  describeActivityType,
  showActivity,
  TYPE_OF_KIND,
} from "./activity-types.ts";
import { dailyLimitReached, makeCallLimits } from "./api/call-limits.ts";
import { FORMS_SINCE, makeMarketoApi } from "./api/marketo-api.ts";
import { MARKETO_CREDENTIALS, type MarketoCredentials, makeTokens } from "./api/tokens.ts";
import {
  FORMS,
  makeAssetNames,
  showCampaigns,
  showEmail,
  showForm,
  showLandingPage,
  showList,
  showProgramWhole,
} from "./assets.ts";
import { LEAD_FIELDS } from "./lead-fields.ts";
import { MarketoError, refusal, replyFor } from "./vendor-error.ts";

export interface MarketoOptions {
  /** Calls in any 20 seconds; default 100. */
  readonly callsPer20Seconds?: number;
  /** Bytes that may be exported a day; default 500 MB. */
  readonly exportBytes?: number;
  /** Whether leads can be exported by the time of their update, as not every subscription can; default true. */
  readonly filtersByUpdate?: boolean;
}

export function makeMarketo(
  { world, sessionSeconds, apiLimit }: VendorContext,
  options: MarketoOptions = {},
): Vendor<MarketoCredentials> {
  const { callsPer20Seconds = 100, exportBytes = 500_000_000, filtersByUpdate = true } = options;
  const tokens = makeTokens(MARKETO_CREDENTIALS, sessionSeconds);
  const limits = makeCallLimits(callsPer20Seconds, apiLimit, () => world().step);
  return {
    name: "marketo",
    roots: ["identity", "rest", "bulk"],
    routes: makeMarketoApi({ tokens, limits, exportBytes, filtersByUpdate, world }),
    credentials: MARKETO_CREDENTIALS,
    paths: { marketo: "", marketoIdentity: "/identity" },
    counts: () => {
      const { marketingLeads, programs, engagements } = world();
      return {
        leads: marketingLeads.count,
        programs: programs.count,
        activities: engagements.count,
      };
    },
    truth: (object) => {
      const rows = truth(object, world());
      return rows === null ? null : joined(rows);
    },
    expireSessions: () => tokens.expire(),
    notFound: () => replyFor(new MarketoError("610", "Requested resource not found")),
    methodNotAllowed: (method) =>
      replyFor(new MarketoError("605", `HTTP Method not supported: ${method}`)),
    quotaSpent: () => replyFor(dailyLimitReached(apiLimit)),
    failureBody: () => JSON.stringify(refusal("611", "System error")),
  };
}

/** Rows as objects; null if there is no such object. Deleted leads are told apart by their name, as they leave no rows. */
function truth(object: string, world: World): Iterable<object> | null {
  const { programs, marketingLeads: leads } = world;
  const ofPrograms = function* (show: (program: ReturnType<typeof programs.row>) => object[]) {
    for (let n = 0; n < programs.count; n++) yield* show(programs.row(n));
  };
  const leadsThat = function* (areDeleted: boolean) {
    for (let n = 0; n < leads.count; n++) {
      if (leads.isDeleted(n) !== areDeleted) continue;
      const lead = leads.row(n);
      yield Object.fromEntries(LEAD_FIELDS.map(({ name, read }) => [name, read(lead)]));
    }
  };
  switch (object) {
    case "leads":
      return leadsThat(false);
    case "deleted_leads":
      return leadsThat(true);
    case "activity_types":
      return ACTIVITY_TYPES.map(describeActivityType);
    case "programs":
      return ofPrograms((program) => [showProgramWhole(program)]);
    case "campaigns":
      return ofPrograms(showCampaigns);
    case "lists":
      return ofPrograms((program) => [showList(program)]);
    case "emails":
      return ofPrograms((program) => [showEmail(program)]);
    case "landing_pages":
      return ofPrograms((program) => [showLandingPage(program)]);
    case "forms":
      return FORMS.map((form) => showForm(form, FORMS_SINCE));
    default:
      return activities(object, world);
  }
}

/** `activities`, or those of a type: `activities_visit_webpage`. */
function activities(object: string, world: World): Iterable<object> | null {
  const type = ACTIVITY_TYPES.find(
    ({ name }) => object === `activities_${name.toLowerCase().replaceAll(" ", "_")}`,
  );
  if (type === undefined && object !== "activities") return null;
  return (function* () {
    const { engagements } = world;
    const names = makeAssetNames(world);
    for (let n = 0; n < engagements.count; n++) {
      const kind = world.engagementKindOf(engagements.keyAt(n));
      if (type === undefined || TYPE_OF_KIND.get(kind) === type) {
        yield showActivity(engagements.row(n), names);
      }
    }
  })();
}

function* joined(rows: Iterable<object>): Generator<string> {
  let text = "";
  for (const row of rows) {
    text += `${JSON.stringify(row)}\n`;
    if (text.length < 262_144) continue;
    yield text;
    text = "";
  }
  yield text;
}
