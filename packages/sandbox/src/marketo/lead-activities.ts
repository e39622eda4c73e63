/** Activities in a lead's life: made, changed, merged, deleted, moved on in a program. */
import { type ActivityType, attributes, primary } from "./activity-type.ts";
import { leadId, programId, timeText } from "./ids.ts";

export const LEAD_ACTIVITIES: readonly ActivityType[] = [
  {
    id: 12,
    name: "New Lead",
    kind: "created",
    attributes: attributes("Created Date:date", "Form Name", "Lead Source", "Source Type"),
    show: (engagement) => ({
      primary: null,
      attributes: {
        "Created Date": timeText(engagement.at).slice(0, 10),
        "Source Type": engagement.chance < 0.5 ? "Web form fillout" : "salesforce.com",
      },
    }),
  },
  {
    id: 13,
    name: "Change Data Value",
    kind: "changed",
    ...primary("Attribute Name"),
    attributes: attributes(
      "API Method Name",
      "New Value",
      "Old Value",
      "Reason",
      "Request Id",
      "Source",
    ),
    show: (engagement) => ({
      primary: { id: 641, value: engagement.chance < 0.5 ? "Person Status" : "Email Address" },
      attributes: {
        "New Value":
          engagement.chance < 0.5 ? engagement.status : `lead${engagement.leadKey}@example.org`,
        "Old Value": engagement.formerStatus,
        Reason: 'Changed by "Data Hygiene", step 2',
        Source: "Marketo Flow Action",
      },
    }),
  },
  {
    id: 32,
    name: "Merge Leads",
    kind: "merged",
    ...primary("Lead ID"),
    attributes: attributes(
      "Master Updated:boolean",
      "Merge IDs:array",
      "Merged in Sales:boolean",
      "Merge Source",
    ),
    show: (engagement) => ({
      primary: { id: leadId(engagement.leadKey), value: String(leadId(engagement.leadKey)) },
      attributes: {
        "Master Updated": true,
        "Merge IDs": [leadId(engagement.otherLeadKey!)],
        "Merged in Sales": false,
        "Merge Source": "Marketo UI",
      },
    }),
  },
  {
    id: 37,
    name: "Delete Lead",
    kind: "deleted",
    ...primary("Lead ID"),
    attributes: attributes("Campaign", "Remove From CRM:boolean"),
    show: (engagement) => ({
      primary: { id: leadId(engagement.leadKey), value: `Lead ${leadId(engagement.leadKey)}` },
      attributes: { Campaign: "Clean up", "Remove From CRM": false },
    }),
  },
  {
    id: 46,
    name: "Interesting Moment",
    kind: "noted",
    ...primary("Type"),
    attributes: attributes("Date:datetime", "Description:text", "Source"),
    show: (engagement) => ({
      primary: { id: 1, value: engagement.chance < 0.5 ? "Web" : "Milestone" },
      attributes: {
        Date: timeText(engagement.at),
        Description: `Lead ${engagement.leadKey} asked for a "quote",\nline two`,
        Source: "Sandbox",
      },
    }),
  },
  {
    id: 104,
    name: "Change Status in Progression",
    kind: "progressed",
    ...primary("Program ID"),
    attributes: attributes(
      "Acquired By:boolean",
      "New Status",
      "New Status ID:integer",
      "Old Status",
      "Old Status ID:integer",
      "Program Member ID:integer",
      "Reason",
      "Success:boolean",
    ),
    show: (engagement, names) => ({
      primary: {
        id: programId(engagement.programKey!),
        value: names.program(engagement.programKey!),
      },
      attributes: {
        "Acquired By": engagement.chance < 0.2,
        "New Status": engagement.status,
        "New Status ID": 26,
        "Old Status": engagement.formerStatus,
        "Program Member ID": engagement.leadKey + 1,
        Success: engagement.status === "Attended" || engagement.status === "Responded",
      },
    }),
  },
];
