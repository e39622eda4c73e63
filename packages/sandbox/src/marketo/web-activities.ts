/** Activities on the company's site: pages, forms, links. */
import { pick } from "../world/dice.ts";
import type { Engagement } from "../world/engagements.ts";
import { type ActivityType, attributes, primary } from "./activity-type.ts";
import { FORMS } from "./assets.ts";
import { landingPageId } from "./ids.ts";

const pageOf = ({ page }: Engagement): string => page!.replace(/\?.*$/s, "");
const queryOf = ({ page }: Engagement): string => /\?(.*)$/s.exec(page!)?.[1] ?? "";
const siteOf = (engagement: Engagement) => ({
  "Client IP Address": engagement.ipAddress,
  "Referrer URL": `https://www.example.com/?email=lead${engagement.leadKey}%40example.com`,
  "User Agent": engagement.userAgent,
});

export const WEB_ACTIVITIES: readonly ActivityType[] = [
  {
    id: 1,
    name: "Visit Webpage",
    kind: "visited",
    ...primary("Webpage ID"),
    attributes: attributes(
      "Client IP Address",
      "Query Parameters",
      "Referrer URL",
      "Search Engine",
      "Search Query",
      "User Agent",
      "Webpage URL",
    ),
    show: (engagement) => ({
      primary: { id: landingPageId(engagement.leadKey % 50), value: pageOf(engagement) },
      attributes: {
        ...siteOf(engagement),
        "Query Parameters": queryOf(engagement),
        "Webpage URL": engagement.page,
        ...(engagement.chance < 0.2 ? { "Search Engine": "Example Search" } : {}),
      },
    }),
  },
  {
    id: 2,
    name: "Fill Out Form",
    kind: "filled",
    ...primary("Webform ID"),
    attributes: attributes(
      "Client IP Address",
      "Form Fields:text",
      "Query Parameters",
      "Referrer URL",
      "User Agent",
      "Webpage ID:integer",
    ),
    show: (engagement) => {
      const form = pick(FORMS, engagement.chance);
      return {
        primary: { id: form.id, value: form.name },
        attributes: {
          ...siteOf(engagement),
          "Form Fields": `a:1:{s:5:"Email";s:20:"lead${engagement.leadKey}@example.com";}`,
          "Query Parameters": queryOf(engagement),
          "Webpage ID": landingPageId(engagement.leadKey % 50),
        },
      };
    },
  },
  {
    id: 3,
    name: "Click Link",
    kind: "followed",
    ...primary("Link ID"),
    attributes: attributes(
      "Client IP Address",
      "Query Parameters",
      "Referrer URL",
      "User Agent",
      "Webpage ID:integer",
    ),
    show: (engagement) => ({
      primary: { id: engagement.leadKey % 90, value: `https://www.example.com${engagement.page}` },
      attributes: {
        ...siteOf(engagement),
        "Query Parameters": queryOf(engagement),
        "Webpage ID": landingPageId(engagement.leadKey % 50),
      },
    }),
  },
];
