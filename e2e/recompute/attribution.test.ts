import type { CommonModel } from "./common-model.ts";
import {
  at,
  makeCampaign,
  makeModel,
  makeOpportunity,
  makePerson,
  makeTouch,
} from "./make-rows.ts";
import { recomputeReports } from "./recompute-reports.ts";
import { shippedSettings } from "./settings.ts";

const opportunity = makeOpportunity("o", {
  account_id: "A",
  sales_accepted_at: "2024-03-10",
  close_date: "2024-06-10",
  is_won: true,
});
const role = (person_id: string) => ({ opportunity_id: "o", person_id, is_primary: null });

/** The touches in the set of the opportunity, as linear shows them, with the zone's own days. */
function touchSets(tables: Partial<CommonModel>, warehouse_timezone = "UTC") {
  const { fct_attribution } = recomputeReports(
    makeModel({ cdm_opportunity: [opportunity], ...tables }),
    { ...shippedSettings("2024-12-31"), warehouse_timezone },
  );
  const rows = fct_attribution.filter((row) => row.model === "linear");
  const of = (measure: string) =>
    rows.filter((row) => row.measure === measure).map((row) => row.touch_id);
  return { sao: of("sao"), iacv: of("iacv") };
}

const touches = [
  makeTouch("t3", "p", "c", "2024-06-11T01:00Z"),
  makeTouch("t2", "p", "c", "2024-03-11T01:00Z"),
  makeTouch("t1", "p", "c", "2024-03-10T23:59Z"),
  makeTouch("t0", "q", "c", "2024-03-01T00:00Z"),
];

test("touches count to the end of the day of acceptance, or of the close", () => {
  const tables = { cdm_person: [makePerson("p")], cdm_opportunity_person: [role("p")] };
  expect(touchSets({ ...tables, cdm_touch: touches })).toEqual({ sao: ["t1"], iacv: ["t1", "t2"] });
  expect(touchSets({ ...tables, cdm_touch: touches }, "America/New_York")).toEqual({
    sao: ["t1", "t2"],
    iacv: ["t1", "t2", "t3"],
  });
  expect(touchSets({ ...tables, cdm_touch: touches }, "Asia/Tokyo")).toEqual({
    sao: [null],
    iacv: ["t1", "t2"],
  });
});

test("the account's people count only where the opportunity has none of its own left", () => {
  const gone = makePerson("p", { is_deleted: true });
  const atAccount = makePerson("q", { account_id: "A" });
  const cdm_touch = touches;
  const p = [role("p")];
  expect(
    touchSets({ cdm_person: [makePerson("p"), atAccount], cdm_opportunity_person: p, cdm_touch })
      .sao,
  ).toEqual(["t1"]);
  expect(
    touchSets({ cdm_person: [gone, atAccount], cdm_opportunity_person: p, cdm_touch }).sao,
  ).toEqual(["t0"]);
  expect(
    touchSets({ cdm_person: [atAccount], cdm_opportunity_person: [role("unknown")], cdm_touch })
      .sao,
  ).toEqual(["t0"]);
  expect(touchSets({ cdm_person: [atAccount], cdm_touch }).sao).toEqual(["t0"]);
});

test("people of the opportunity without a touch keep the account's people out", () => {
  const cdm_person = [makePerson("r"), makePerson("q", { account_id: "A" })];
  expect(
    touchSets({ cdm_person, cdm_opportunity_person: [role("r")], cdm_touch: touches }).sao,
  ).toEqual([null]);
});

test("order is by instant, then id in byte order; a person in two roles counts once", () => {
  const cdm_person = [
    makePerson("p"),
    makePerson("l", { kind: "lead", converted_contact_id: "p" }),
  ];
  const same = ["a", "B", "é", "Z", "\u{1F600}", "\uFFFD"].map((id) =>
    makeTouch(id, id === "Z" ? "l" : "p", "c", "2024-03-01"),
  );
  const sets = touchSets({
    cdm_person,
    cdm_opportunity_person: [role("p"), role("l")],
    cdm_touch: [makeTouch("0", "p", "c", "2024-03-02"), ...same],
  });
  expect(sets.sao).toEqual(["B", "Z", "a", "é", "\uFFFD", "\u{1F600}", "0"]);
});

test("touches without a campaign are in no set, those of unknown and merged campaigns are", () => {
  const { fct_attribution } = recomputeReports(
    makeModel({
      cdm_opportunity: [opportunity],
      cdm_person: [makePerson("p")],
      cdm_opportunity_person: [role("p")],
      cdm_campaign: [
        makeCampaign("c", { is_deleted: true }),
        makeCampaign("m", { source: "marketo", crm_campaign_id: "c" }),
      ],
      cdm_touch: [
        makeTouch("t1", "p", "m", "2024-01-01"),
        makeTouch("t2", "p", null, "2024-01-02"),
        makeTouch("t3", "p", "unknown", "2024-01-03"),
        makeTouch("t4", "nobody", "c", "2024-01-03"),
        makeTouch("t5", null, "c", "2024-01-03"),
      ],
    }),
    shippedSettings("2024-12-31"),
  );
  const rows = fct_attribution.filter((row) => row.model === "u_shaped" && row.measure === "iacv");
  expect(rows).toMatchObject([
    { touch_id: "t1", campaign_id: "c", touched_at: at("2024-01-01") },
    { touch_id: "t3", campaign_id: "unknown", touched_at: at("2024-01-03") },
  ]);
});

test("lead creation is the earliest among the people who touched, not all people", () => {
  const credited = (first: string) => {
    const { fct_attribution } = recomputeReports(
      makeModel({
        cdm_opportunity: [opportunity],
        cdm_person: [
          makePerson("p", { created_at: at("2024-02-01") }),
          makePerson("q", { created_at: at(first) }),
          makePerson("silent", { created_at: at("2024-01-01") }),
        ],
        cdm_opportunity_person: ["p", "q", "silent"].map(role),
        cdm_touch: [
          makeTouch("t1", "p", "c", "2024-01-15"),
          makeTouch("t2", "p", "c", "2024-02-01"),
          makeTouch("t3", "q", "c", "2024-02-15"),
        ],
      }),
      shippedSettings("2024-12-31"),
    );
    return fct_attribution.find((row) => row.model === "lead_creation")?.touch_id;
  };
  expect(credited("2024-03-01")).toBe("t2");
  expect(credited("2024-01-31")).toBe("t1");
});

test("won opportunities need no acceptance, deleted ones and duplicates count for nothing", () => {
  const { fct_attribution } = recomputeReports(
    makeModel({
      cdm_opportunity: [
        makeOpportunity("won", { is_won: true }),
        makeOpportunity("deleted", { is_won: true, is_deleted: true }),
        makeOpportunity("duplicate", { is_won: true, stage: "duplicate" }),
        makeOpportunity("lost", { is_closed: true }),
      ],
    }),
    shippedSettings("2024-12-31"),
  );
  expect(fct_attribution).toHaveLength(7);
  expect(new Set(fct_attribution.map((row) => `${row.opportunity_id} ${row.measure}`))).toEqual(
    new Set(["won iacv"]),
  );
});
