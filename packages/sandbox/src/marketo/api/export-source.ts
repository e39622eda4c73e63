/** What can be exported in bulk: leads and activities, each with its filter, its columns and its rows. */
import type { World } from "../../world/world.ts";
import { showActivity, TYPE_OF_KIND } from "../activity-types.ts";
import { makeAssetNames } from "../assets.ts";
import { timeText } from "../ids.ts";
import { findLeadField } from "../lead-fields.ts";
import { type Cell, csvLine } from "../render-csv.ts";
import { MarketoError } from "../vendor-error.ts";

/** "The range must be 31 days or fewer." */
const LONGEST_RANGE = 31 * 86_400_000;

export interface ExportRequest {
  readonly fields?: readonly string[];
  readonly filter?: { readonly [name: string]: unknown };
}

/** Lines of the file and how many rows are in it, made anew each time. */
export interface ExportFile {
  readonly count: number;
  lines(): Iterable<string>;
}

/** @throws MarketoError for a filter or field the vendor refuses */
export type PlanExport = (request: ExportRequest, world: World) => () => ExportFile;

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/bulk-extract/bulk-lead-extract */
export function planLeadExport(filtersByUpdate: boolean): PlanExport {
  return ({ fields = [], filter = {} }, world) => {
    const [name, ...others] = Object.keys(filter);
    if (name === undefined || others.length > 0) {
      throw new MarketoError("1003", "Exactly one filter must be specified");
    }
    if (name !== "createdAt" && !(name === "updatedAt" && filtersByUpdate)) {
      throw new MarketoError("1035", `Unsupported filter type for target subscription: ${name}`);
    }
    const range = readRange(name, filter[name]);
    const columns = fields.map((field) => {
      const found = findLeadField(field);
      if (!found) throw new MarketoError("1003", `Invalid field: '${field}'`);
      return found;
    });
    if (columns.length === 0) throw new MarketoError("1003", "fields is required");
    return () => {
      const { marketingLeads: leads } = world;
      const found: number[] = [];
      for (let position = 0; position < leads.count; position++) {
        if (leads.isDeleted(position)) continue;
        const at = name === "updatedAt" ? leads.changedAt(position) : leads.row(position).createdAt;
        if (at >= range.startAt && at <= range.endAt) found.push(position);
      }
      return {
        count: found.length,
        *lines() {
          yield csvLine(columns.map((column) => column.name));
          for (const position of found) {
            const lead = leads.row(position);
            yield csvLine(columns.map((column) => column.read(lead)));
          }
        },
      };
    };
  };
}

const ACTIVITY_COLUMNS = [
  "marketoGUID",
  "leadId",
  "activityDate",
  "activityTypeId",
  "campaignId",
  "primaryAttributeValueId",
  "primaryAttributeValue",
  "attributes",
] as const;
type ActivityColumn = (typeof ACTIVITY_COLUMNS)[number];

/** https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/bulk-extract/bulk-activity-extract */
export const planActivityExport: PlanExport = ({ fields, filter = {} }, world) => {
  const { createdAt, activityTypeIds, ...others } = filter;
  if (createdAt === undefined || Object.keys(others).length > 0) {
    throw new MarketoError("1003", "createdAt filter is required");
  }
  const range = readRange("createdAt", createdAt);
  const ids = activityTypeIds as readonly number[] | undefined;
  if (ids?.includes(37)) throw new MarketoError("1003", "Unsupported activity type: 37");
  const types = new Set(ids);
  const columns = (fields ?? ACTIVITY_COLUMNS).map((name) => {
    const known = ACTIVITY_COLUMNS.find((each) => each === name);
    if (known === undefined) throw new MarketoError("1003", `Invalid field: '${name}'`);
    return known;
  });
  return () => {
    const positions = world.engagements.byChange();
    const { engagements } = world;
    const from = firstFrom(world, range.startAt);
    const found: number[] = [];
    for (let n = from; n < positions.length; n++) {
      const position = positions[n]!;
      if (engagements.changedAt(position) > range.endAt) break;
      const { id } = TYPE_OF_KIND.get(world.engagementKindOf(engagements.keyAt(position)))!;
      if (id !== 37 && (types.size === 0 || types.has(id))) found.push(position);
    }
    return {
      count: found.length,
      *lines() {
        const names = makeAssetNames(world);
        yield csvLine(columns);
        for (const position of found) {
          const activity = showActivity(engagements.row(position), names);
          yield csvLine(
            columns.map(
              (column: ActivityColumn): Cell =>
                column === "attributes" ? JSON.stringify(activity.attributes) : activity[column],
            ),
          );
        }
      },
    };
  };
};

/** Where in the order of time the first activity at or after an instant is. */
export function firstFrom(world: World, at: number): number {
  const positions = world.engagements.byChange();
  let low = 0;
  let high = positions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (world.engagements.changedAt(positions[middle]!) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readRange(name: string, value: unknown): { startAt: number; endAt: number } {
  const { startAt, endAt } = (value ?? {}) as { startAt?: string; endAt?: string };
  const [from, until] = [startAt, endAt].map((each) => {
    // "Datetimes should be in an ISO-8601 format, without milliseconds."
    const time = /\.\d/.test(each ?? "") ? Number.NaN : Date.parse(each ?? "");
    if (Number.isNaN(time)) throw new MarketoError("1003", `Invalid date in ${name}`);
    return time;
  }) as [number, number];
  if (until < from || until - from > LONGEST_RANGE) {
    throw new MarketoError("1003", `${name}: the range ${timeText(from)} is not within 31 days`);
  }
  return { startAt: from, endAt: until };
}
