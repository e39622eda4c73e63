/** Activities with e-mails: sent, delivered, opened, clicked. */
import type { Engagement } from "../world/engagements.ts";
import { type ActivityType, attributes, primary } from "./activity-type.ts";
import type { AssetNames } from "./assets.ts";
import { emailId } from "./ids.ts";

const emailOf = ({ programKey }: Engagement, names: AssetNames) => ({
  id: emailId(programKey!),
  value: names.email(programKey!),
});

export const EMAIL_ACTIVITIES: readonly ActivityType[] = [
  {
    id: 6,
    name: "Send Email",
    kind: "sent",
    ...primary("Mailing ID"),
    attributes: attributes("Campaign Run ID:integer", "Choice Number:integer", "Step ID:integer"),
    show: (engagement, names) => ({
      primary: emailOf(engagement, names),
      attributes: {
        "Campaign Run ID": 12 + engagement.programKey!,
        "Choice Number": 0,
        "Step ID": 7,
      },
    }),
  },
  {
    id: 7,
    name: "Email Delivered",
    kind: "delivered",
    ...primary("Mailing ID"),
    attributes: attributes("Campaign Run ID:integer", "Choice Number:integer", "Step ID:integer"),
    show: (engagement, names) => ({
      primary: emailOf(engagement, names),
      attributes: { "Campaign Run ID": 12 + engagement.programKey!, "Step ID": 7 },
    }),
  },
  {
    id: 10,
    name: "Open Email",
    kind: "opened",
    ...primary("Mailing ID"),
    attributes: attributes(
      "Device",
      "Is Mobile Device:boolean",
      "Platform",
      "User Agent",
      "Is Bot Activity:boolean",
    ),
    show: (engagement, names) => ({
      primary: emailOf(engagement, names),
      attributes: {
        Device: "unknown",
        "Is Mobile Device": engagement.chance < 0.3,
        Platform: "Linux",
        "User Agent": engagement.userAgent,
        "Is Bot Activity": false,
      },
    }),
  },
  {
    id: 11,
    name: "Click Email",
    kind: "clicked",
    ...primary("Mailing ID"),
    attributes: attributes("Device", "Is Mobile Device:boolean", "Link", "Link ID", "User Agent"),
    show: (engagement, names) => ({
      primary: emailOf(engagement, names),
      attributes: {
        "Is Mobile Device": engagement.chance < 0.3,
        Link: `https://www.example.com/offer?mkt_tok=token-MARKED-${engagement.leadKey}`,
        "User Agent": engagement.userAgent,
      },
    }),
  },
];
