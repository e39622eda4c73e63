/** All the vendor's paths, who may call them, and what a call costs. */
import type { Reply } from "../../http/exchange.ts";
import type { Route } from "../../http/routes.ts";
import type { Program } from "../../world/programs.ts";
import type { Table } from "../../world/table.ts";
import type { World } from "../../world/world.ts";
import {
  FORMS,
  showEmail,
  showForm,
  showLandingPage,
  showProgram,
  showProgramWhole,
} from "../assets.ts";
import { dayText, programId } from "../ids.ts";
import { MarketoError, replyFor, success } from "../vendor-error.ts";
import { makeBulkExport } from "./bulk-export.ts";
import type { CallLimits } from "./call-limits.ts";
import { planActivityExport, planLeadExport } from "./export-source.ts";
import { makeLeadDatabase } from "./lead-database.ts";
import { answerAssets } from "./lists.ts";
import type { Tokens } from "./tokens.ts";

/** When the forms were made. */
export const FORMS_SINCE = Date.UTC(2024, 0, 1, 8);

export interface MarketoApiOptions {
  readonly tokens: Tokens;
  readonly limits: CallLimits;
  readonly exportBytes: number;
  /** Whether leads can be exported by the time of their update. */
  readonly filtersByUpdate: boolean;
  world(): World;
}

export function makeMarketoApi(options: MarketoApiOptions): readonly Route[] {
  const { tokens, limits, exportBytes, filtersByUpdate, world } = options;
  const bulk = makeBulkExport({
    world,
    exportBytes,
    plans: { leads: planLeadExport(filtersByUpdate), activities: planActivityExport },
  });
  const usage: Route = {
    method: "GET",
    template: "/rest/v1/stats/usage.json",
    answer: () => {
      const users = [{ userId: "demo@bizops.example", count: limits.used() }];
      return success([{ date: dayText(world().now), total: limits.used(), users }]);
    },
  };
  const guarded = (route: Route): Route => ({
    ...route,
    answer: (call, params) => {
      const date = new Date(world().now).toUTCString();
      const dated = (reply: Reply): Reply => ({ ...reply, headers: { ...reply.headers, date } });
      try {
        tokens.check(call);
        limits.spend();
        return dated(route.answer(call, params));
      } catch (error) {
        return dated(replyFor(error));
      }
    },
  });
  return [
    {
      method: "GET",
      template: "/identity/oauth/token",
      answer: (call) => tokens.answer(call),
    },
    ...[...makeLeadDatabase(world), ...makeAssets(world), ...bulk, usage].map(guarded),
  ];
}

function makeAssets(world: () => World): Route[] {
  const get = (template: string, answer: Route["answer"]): Route => ({
    method: "GET",
    template: `/rest/asset/v1${template}`,
    answer,
  });
  const ofPrograms = (
    template: string,
    show: (program: Program) => Record<string, unknown>,
  ): Route =>
    get(template, (call) => {
      const { programs } = world();
      const found = changedWithin(programs, call.query);
      return answerAssets(call, found.length, (n) => show(programs.row(found[n]!)));
    });
  return [
    ofPrograms("/programs.json", showProgram),
    ofPrograms("/emails.json", showEmail),
    get("/landingPages.json", (call) => {
      const { programs } = world();
      return answerAssets(call, programs.count, (n) => showLandingPage(programs.row(n)));
    }),
    get("/forms.json", (call) =>
      answerAssets(call, FORMS.length, (n) => showForm(FORMS[n]!, FORMS_SINCE)),
    ),
    get("/program/{id}.json", (_call, { id }) => {
      const { programs } = world();
      const position = programs.find(Number(id) - programId(0));
      if (position < 0) throw new MarketoError("702", `Program not found: ${id}`);
      return success([showProgramWhole(programs.row(position))], { warnings: [], errors: [] });
    }),
  ];
}

function changedWithin(programs: Table<Program>, query: URLSearchParams): number[] {
  const edge = (name: string, usual: number): number => {
    const text = query.get(name);
    const time = text === null ? usual : Date.parse(text);
    if (Number.isNaN(time)) throw new MarketoError("1003", `Invalid ${name}`);
    return time;
  };
  const from = edge("earliestUpdatedAt", Number.NEGATIVE_INFINITY);
  const until = edge("latestUpdatedAt", Number.POSITIVE_INFINITY);
  const found: number[] = [];
  for (let position = 0; position < programs.count; position++) {
    const at = programs.changedAt(position);
    if (at >= from && at <= until) found.push(position);
  }
  return found;
}
