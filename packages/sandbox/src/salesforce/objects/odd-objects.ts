/** Objects that a reader must treat apart: binary content, no time of change, not to be queried. */
import type { Attachment } from "../../world/attachments.ts";
import { makeTable } from "../../world/table.ts";
import { base64, datetime, flag, id, int, lookup, picklist, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";

export const attachment = defineObject<Attachment>({
  name: "Attachment",
  label: "Attachment",
  labelPlural: "Attachments",
  keyPrefix: PREFIX.Attachment,
  table: (world) => world.attachments,
  fields: [
    id("Attachment ID", (row) => recordId(PREFIX.Attachment, row.key)),
    isDeleted(),
    lookup("ParentId", "Parent ID", ["Account", "Opportunity"], (row) =>
      recordId(PREFIX.Account, row.accountKey),
    ),
    text("Name", "File Name", 255, (row) => row.name, { nillable: false, isName: true }),
    flag("IsPrivate", "Private", (row) => row.isPrivate),
    text("ContentType", "Content Type", 120, (row) => row.contentType),
    int("BodyLength", "Body Length", (row) => Buffer.byteLength(row.content)),
    base64("Body", "Body", (row) => row.content),
    lookup("OwnerId", "Owner ID", "User", (row) => userId(row.ownerKey), { nillable: false }),
    ...auditFields<Attachment>((row) => row.ownerKey),
  ],
});

interface CronJob {
  readonly key: number;
  readonly name: string;
}

const CRON_JOBS = ["Nightly Lead Scoring", "Weekly Forecast", "Territory Sync", "Data Export"];

/**
 * Has neither SystemModstamp nor LastModifiedDate nor CreatedDate, so it can only be read whole; and the Bulk API
 * does not take it.
 */
export const cronJobDetail = defineObject<CronJob>({
  name: "CronJobDetail",
  label: "Cron Job",
  labelPlural: "Cron Jobs",
  keyPrefix: PREFIX.CronJobDetail,
  changeField: null,
  inBulk: false,
  table: () =>
    makeTable<CronJob>(
      (emit) => {
        for (const key of CRON_JOBS.keys()) emit(key, 0, false);
      },
      (key) => ({ key, name: CRON_JOBS[key]! }),
    ),
  fields: [
    id("Cron Job ID", (row) => recordId(PREFIX.CronJobDetail, row.key)),
    text("Name", "Name", 255, (row) => row.name, { nillable: false, isName: true }),
    picklist("JobType", "Job Type", ["0", "7", "8"], (row) => (row.key % 2 === 0 ? "7" : "0")),
  ],
});

const noRows = () =>
  makeTable<never>(
    () => {},
    (key) => {
      throw new RangeError(`no row ${key}`);
    },
  );

/** Listed by the vendor with queryable false: events are received, not queried. */
export const accountChangeEvent = defineObject<never>({
  name: "AccountChangeEvent",
  label: "Account Change Event",
  labelPlural: "Account Change Events",
  keyPrefix: PREFIX.Account,
  queryable: false,
  changeField: null,
  table: noRows,
  fields: [text("ReplayId", "Replay ID", 1000, () => null)],
});

/** Listed as queryable, yet a query without a certain filter is refused. */
export const contentDocumentLink = defineObject<never>({
  name: "ContentDocumentLink",
  label: "Content Document Link",
  labelPlural: "Content Document Links",
  keyPrefix: PREFIX.ContentDocumentLink,
  restriction:
    "Implementation restriction: ContentDocumentLink requires a filter by a single Id on ContentDocumentId or LinkedEntityId using the equals operator or multiple Id's using the IN operator.",
  table: noRows,
  fields: [
    id("ContentDocumentLink ID", () => null),
    lookup("LinkedEntityId", "Linked Entity ID", "Account", () => null, { nillable: false }),
    lookup("ContentDocumentId", "ContentDocument ID", "ContentDocument", () => null),
    flag("IsDeleted", "Is Deleted", () => false),
    datetime("SystemModstamp", "System Modstamp", () => null),
  ],
});
