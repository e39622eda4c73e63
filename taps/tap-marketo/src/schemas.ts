/** Schemas of what Marketo does not describe itself: programs, campaigns, lists, assets. */
import type { JsonSchema, PrivacyClass } from "@bizops/singer";

const text: JsonSchema = { type: ["null", "string"] };
const integer: JsonSchema = { type: ["null", "integer"] };
const boolean: JsonSchema = { type: ["null", "boolean"] };
const time: JsonSchema = { type: ["null", "string"], format: "date-time" };
const object: JsonSchema = { type: ["null", "object"] };
const array: JsonSchema = { type: ["null", "array"], items: {} };
const textOf = (privacyClass: PrivacyClass): JsonSchema => ({ ...text, "x-privacy": privacyClass });
const description = textOf("free-text");

/** What every asset and list has. */
const common = {
  id: { type: "integer" },
  name: text,
  description,
  createdAt: time,
  updatedAt: time,
};
const asset = { ...common, url: text, folder: object, status: text, workspace: text };

const schema = (properties: { readonly [name: string]: JsonSchema }): JsonSchema => ({
  type: "object",
  properties,
});

/** By stream. */
export const schemas: { readonly [stream: string]: JsonSchema } = {
  activity_types: schema({
    id: { type: "integer" },
    name: text,
    apiName: text,
    description: text,
    primaryAttribute: object,
    attributes: array,
  }),
  campaigns: schema({
    ...common,
    type: text,
    programId: integer,
    programName: text,
    workspaceName: text,
    active: boolean,
  }),
  lists: schema({ ...common, programName: text, workspaceName: text }),
  programs: schema({
    ...asset,
    type: text,
    channel: text,
    headStart: boolean,
    sfdcId: text,
    sfdcName: text,
  }),
  program_costs: schema({
    program_id: { type: "integer" },
    position: { type: "integer", description: "Place among the program's costs, from 0." },
    startDate: { type: ["null", "string"], format: "date" },
    cost: { type: ["null", "number"] },
    note: textOf("free-text"),
  }),
  program_tags: schema({
    program_id: { type: "integer" },
    position: { type: "integer", description: "Place among the program's tags, from 0." },
    tagType: text,
    tagValue: text,
  }),
  emails: schema({
    ...asset,
    subject: text,
    fromName: textOf("direct"),
    fromEmail: textOf("direct"),
    replyEmail: textOf("direct"),
    operational: boolean,
    textOnly: boolean,
    publishToMSI: boolean,
    webView: boolean,
    template: integer,
    version: integer,
    autoCopyToText: boolean,
    isOpenTrackingDisabled: boolean,
    preHeader: text,
  }),
  landing_pages: schema({
    ...asset,
    URL: text,
    computedUrl: text,
    template: integer,
    title: text,
    robots: text,
    keywords: text,
    mobileEnabled: boolean,
    formPrefill: boolean,
  }),
  forms: schema({
    ...asset,
    theme: text,
    language: text,
    locale: text,
    progressiveProfiling: boolean,
    labelPosition: text,
    fontFamily: text,
    fontSize: text,
    buttonLabel: text,
    buttonLocation: integer,
    waitingLabel: text,
    knownVisitor: object,
    thankYouList: array,
    workSpaceId: integer,
  }),
};
