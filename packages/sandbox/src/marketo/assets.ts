/** Programs and what is in them, as the vendor shows them. */
import { PREFIX } from "../salesforce/key-prefixes.ts";
import { recordId } from "../salesforce/record-id.ts";
import type { Program } from "../world/programs.ts";
import type { World } from "../world/world.ts";
import {
  assetTimeText,
  campaignId,
  dayText,
  emailId,
  landingPageId,
  listId,
  programId,
  timeText,
} from "./ids.ts";

const TYPES: Readonly<Record<string, string>> = {
  Webinar: "Event with Webinar",
  Conference: "Event",
  Email: "Email",
  Nurture: "Engagement",
};
const WORKSPACE = "Default";

/** Forms belong to no program. */
export const FORMS = [
  "Contact us",
  "Newsletter",
  "Demo request",
  "Price list",
  "Ebook download",
  "Trial",
].map((name, n) => ({ id: 1_101 + n, name }));

/** Names that activities repeat. */
export interface AssetNames {
  email(programKey: number): string;
  program(programKey: number): string;
}

export function makeAssetNames(world: World): AssetNames {
  const names = new Map<number, string>();
  const program = (key: number): string => {
    const known = names.get(key);
    if (known !== undefined) return known;
    const { name } = world.programs.row(world.programs.find(key));
    names.set(key, name);
    return name;
  };
  return { program, email: (key) => emailName(key, program(key)) };
}

function emailName(key: number, program: string): string {
  return `${program}.Mail ${key}`;
}

function times({ createdAt, changedAt }: Program) {
  return { createdAt: timeText(createdAt), updatedAt: timeText(changedAt) };
}

function assetTimes({ createdAt, changedAt }: Program) {
  return { createdAt: assetTimeText(createdAt), updatedAt: assetTimeText(changedAt) };
}

function folderOf(program: Program) {
  return { type: "Program", value: programId(program.key), folderName: program.name };
}

/** As it is in a list, where costs and tags are left out. */
export function showProgram(program: Program): { id: number } & Record<string, unknown> {
  const { campaign } = program;
  return {
    id: programId(program.key),
    name: program.name,
    description: program.description ?? "",
    ...assetTimes(program),
    url: `https://app.marketo.example/#PG${programId(program.key)}A1`,
    type: TYPES[program.channel] ?? "Default",
    channel: program.channel,
    folder: { type: "Folder", value: 40, folderName: "Active Programs" },
    status: program.channel === "Nurture" ? "on" : "",
    workspace: WORKSPACE,
    headStart: false,
    sfdcId: campaign === null ? null : recordId(PREFIX.Campaign, campaign.key),
    sfdcName: campaign === null ? null : campaign.name,
  };
}

/** As it is by id. https://experienceleague.adobe.com/en/docs/marketo-developer/marketo/rest/assets/programs */
export function showProgramWhole(program: Program): { id: number } & Record<string, unknown> {
  return {
    ...showProgram(program),
    tags: [{ tagType: "Region", tagValue: program.region }],
    costs: program.costs.map(({ month, amount, note }) => ({
      startDate: dayText(month),
      cost: amount,
      ...(note === null ? {} : { note }),
    })),
  };
}

export function showCampaigns(program: Program): ({ id: number } & Record<string, unknown>)[] {
  return [false, true].map((listens) => ({
    id: campaignId(program.key, listens),
    name: listens ? "Responses" : "Send",
    ...(program.description === null ? {} : { description: program.description }),
    type: listens ? "trigger" : "batch",
    programName: program.name,
    programId: programId(program.key),
    workspaceName: WORKSPACE,
    ...times(program),
    active: listens,
  }));
}

export function showList(program: Program): { id: number } & Record<string, unknown> {
  return {
    id: listId(program.key),
    name: `${program.name} invitees`,
    ...(program.description === null ? {} : { description: program.description }),
    programName: program.name,
    workspaceName: WORKSPACE,
    ...times(program),
  };
}

export function showEmail(program: Program): { id: number } & Record<string, unknown> {
  return {
    id: emailId(program.key),
    name: emailName(program.key, program.name),
    description: "",
    ...assetTimes(program),
    url: `https://app.marketo.example/#EM${emailId(program.key)}B2`,
    subject: { type: "Text", value: `News: ${program.name}` },
    fromName: { type: "Text", value: "Marked Sender" },
    fromEmail: { type: "Text", value: "marked.sender@example.com" },
    replyEmail: { type: "Text", value: "marked.reply@example.com" },
    folder: folderOf(program),
    operational: false,
    textOnly: false,
    publishToMSI: false,
    webView: true,
    status: "approved",
    template: 1001,
    workspace: WORKSPACE,
    isOpenTrackingDisabled: false,
    version: 2,
    autoCopyToText: true,
    preHeader: null,
  };
}

export function showLandingPage(program: Program): { id: number } & Record<string, unknown> {
  const path = `/p-${program.key}.html`;
  return {
    id: landingPageId(program.key),
    name: `${program.name} page`,
    description: "",
    ...assetTimes(program),
    URL: `https://pages.example.com${path}`,
    computedUrl: `https://app.marketo.example/#LP${landingPageId(program.key)}B2`,
    folder: folderOf(program),
    template: 43,
    title: program.name,
    robots: "index, nofollow",
    mobileEnabled: false,
    status: program.key % 3 === 0 ? "draft" : "approved",
    workspace: WORKSPACE,
    formPrefill: true,
  };
}

export function showForm(
  form: (typeof FORMS)[number],
  since: number,
): { id: number } & Record<string, unknown> {
  return {
    ...form,
    description: "",
    createdAt: assetTimeText(since),
    updatedAt: assetTimeText(since),
    url: `https://app.marketo.example/#FO${form.id}B2`,
    status: "approved",
    theme: "simple",
    language: "English",
    locale: "en_US",
    progressiveProfiling: false,
    labelPosition: "left",
    fontFamily: "Helvetica",
    fontSize: "13px",
    folder: { type: "Folder", value: 41, folderName: "Forms" },
    thankYouList: [{ followupType: "none", followupValue: null, default: true }],
    workSpaceId: 1,
  };
}
