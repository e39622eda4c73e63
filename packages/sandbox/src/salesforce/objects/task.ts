/** Task. `query` hides archived ones, as it hides deleted ones. */
import type { Activity } from "../../world/activities.ts";
import { area, date, datetime, flag, id, int, lookup, picklist, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { auditFields, isDeleted, userId } from "./audit-fields.ts";

const STATUSES = ["Not Started", "In Progress", "Completed", "Waiting on someone else", "Deferred"];

export const task = defineObject<Activity>({
  name: "Task",
  label: "Task",
  labelPlural: "Tasks",
  keyPrefix: PREFIX.Task,
  table: (world) => world.activities,
  isArchived: (world, key) => world.isArchived(key),
  fields: [
    id("Activity ID", (row) => recordId(PREFIX.Task, row.key)),
    lookup("WhoId", "Name ID", ["Contact", "Lead"], (row) =>
      recordId(row.isContact ? PREFIX.Contact : PREFIX.Lead, row.personKey),
    ),
    lookup("WhatId", "Related To ID", ["Account", "Opportunity"], (row) =>
      row.accountKey === null ? null : recordId(PREFIX.Account, row.accountKey),
    ),
    text("Subject", "Subject", 255, (row) => row.subject),
    date("ActivityDate", "Due Date Only", (row) => row.dueOn),
    picklist("Status", "Status", STATUSES, (row) => row.status, { nillable: false }),
    picklist("Priority", "Priority", ["High", "Normal", "Low"], (row) =>
      row.isHighPriority ? "High" : "Normal",
    ),
    lookup("OwnerId", "Assigned To ID", ["Group", "User"], (row) => userId(row.ownerKey)),
    area("Description", "Description", 32000, (row) => row.description),
    isDeleted(),
    lookup("AccountId", "Account ID", "Account", (row) =>
      row.accountKey === null ? null : recordId(PREFIX.Account, row.accountKey),
    ),
    flag("IsClosed", "Closed", (row) => row.isDone),
    ...auditFields<Activity>((row) => row.ownerKey),
    flag("IsArchived", "Archived", (row) => row.isArchived),
    int("CallDurationInSeconds", "Call Duration", (row) => row.callSeconds),
    picklist("TaskSubtype", "Task Subtype", ["Task", "Email", "Call"], (row) =>
      row.kind === "Email" || row.kind === "Call" ? row.kind : "Task",
    ),
    datetime("CompletedDateTime", "Completed Date/Time", (row) => row.completedAt),
  ],
});
