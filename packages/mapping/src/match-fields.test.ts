import fc from "fast-check";
import { type FieldEntries, matchFields } from "./match-fields.ts";
import type { SourceField } from "./source-catalog.ts";
import type { FieldTemplate } from "./template.ts";

const template: { readonly [field: string]: FieldTemplate } = {
  opportunity_id: { type: "text", from: ["Id"] },
  created_at: { type: "timestamptz", from: ["CreatedDate"] },
  iacv: {
    type: "numeric",
    from: ["IACV__c"],
    synonyms: ["net new ACV", "incremental annual contract value"],
  },
  sales_accepted_at: { type: "day", from: ["Sales_Accepted_Date__c"], synonyms: ["SAO date"] },
};

function field(name: string, type: SourceField["type"], label = name): SourceField {
  return { name, type, label, selected: true, personal: false };
}

test.each<[string, SourceField, { [field: string]: object }]>([
  ["an exact name", field("IACV__c", "numeric"), { iacv: { origin: "exact", confidence: 1 } }],
  [
    "a name in another case, without the custom mark",
    field("iacv", "numeric"),
    { iacv: { origin: "normalised", confidence: 0.95 } },
  ],
  [
    "a name in a namespace",
    field("acme__IACV__c", "numeric"),
    { iacv: { origin: "normalised", confidence: 0.95 } },
  ],
  ["a label", field("X1__c", "numeric", "IACV"), { iacv: { origin: "label", confidence: 0.9 } }],
  [
    "a label of a type that must be converted weighs less",
    field("X1__c", "bigint", "IACV"),
    { iacv: { origin: "label", confidence: 0.81 } },
  ],
  [
    "a label of a type that cannot be converted is passed by",
    field("X1__c", "boolean", "IACV"),
    { iacv: { origin: "none", confidence: 0 } },
  ],
  [
    "a synonym as the label",
    field("X2__c", "numeric", "Net New ACV"),
    { iacv: { origin: "synonym", confidence: 0.8 } },
  ],
  [
    "likeness, words in another order",
    field("Date_Sales_Acceptd__c", "date"),
    { sales_accepted_at: { origin: "fuzzy", confidence: expect.any(Number) } },
  ],
  [
    "likeness is not tried where no synonyms say that companies name it themselves",
    field("CreatedDat", "timestamptz"),
    { created_at: { origin: "none", confidence: 0 } },
  ],
])("%s", (_, source, expected) => {
  expect(matchFields(template, [source], {})).toMatchObject(expected);
});

test("[MAP-1] two fields that fit equally well are left to a human, both named", () => {
  const source = [field("A__c", "numeric", "IACV"), field("B__c", "numeric", "IACV")];
  expect(matchFields(template, source, {}).iacv).toEqual({
    from: null,
    origin: "ambiguous",
    confidence: 0.9,
    candidates: ["A__c", "B__c"],
  });
});

test("a field that is gone is followed to its new name, with evidence and the names before", () => {
  const previous: FieldEntries = {
    iacv: { from: "Old__c", origin: "label", confidence: 0.9, previous_names: ["Older__c"] },
  };
  const source = [field("IACV_New__c", "numeric", "IACV")];
  expect(matchFields(template, source, previous).iacv).toEqual({
    from: "IACV_New__c",
    origin: "renamed",
    confidence: 0.9,
    previous_names: ["Old__c", "Older__c"],
    evidence: 'Old__c is gone; IACV_New__c ("IACV", numeric) fits by its label',
  });
});

test("a field that is gone without a successor stays as it was, for the check to say", () => {
  const previous: FieldEntries = { iacv: { from: "Old__c", origin: "exact", confidence: 1 } };
  expect(matchFields(template, [], previous).iacv).toEqual(previous.iacv);
});

test("a field left to a human to choose is given to no other column", () => {
  const source = [field("acme__IACV__c", "text"), field("iacv__c", "numeric")];
  const previous: FieldEntries = {
    opportunity_id: { from: "IACV__c", origin: "fuzzy", confidence: 0.6 },
  };
  expect(matchFields(template, source, previous)).toMatchObject({
    opportunity_id: { from: "IACV__c" },
    iacv: { from: null, candidates: ["acme__IACV__c", "iacv__c"] },
  });
});

const sources = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom(
      ..."Id IACV__c iacv__c acme__IACV__c X__c Y__c Net_ACV__c Sales_Accepted_Date__c SAO__c CreatedDate Old__c".split(
        " ",
      ),
    ),
    label: fc.constantFrom("IACV", "Net new ACV", "SAO date", "Date of SAO", "Something", "Id"),
    type: fc.constantFrom<SourceField["type"]>("text", "numeric", "bigint", "date", "timestamptz"),
    selected: fc.boolean(),
    personal: fc.boolean(),
  }),
  { selector: ({ name }) => name },
);
const entry = fc.record({
  from: fc.constantFrom("IACV__c", "X__c", "Old__c", null),
  origin: fc.constantFrom("human" as const, "exact" as const, "fuzzy" as const, "none" as const),
  confidence: fc.constantFrom(0, 0.5, 1),
});
const previousEntries = fc.dictionary(fc.constantFrom(...Object.keys(template)), entry);

test("[MAP-1] the order of the source's fields decides nothing", () => {
  const shuffled = sources.chain((list) =>
    fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
  );
  fc.assert(
    fc.property(shuffled, previousEntries, ([list, other], previous) => {
      expect(matchFields(template, other, previous)).toEqual(matchFields(template, list, previous));
    }),
  );
});

test("a human's choice always wins, whatever the source offers", () => {
  fc.assert(
    fc.property(sources, previousEntries, (source, previous) => {
      const found = matchFields(template, source, previous);
      for (const [name, each] of Object.entries(previous)) {
        if (each.origin === "human") expect(found[name]).toEqual(each);
      }
    }),
  );
});

test("matching what was matched changes nothing", () => {
  fc.assert(
    fc.property(sources, previousEntries, (source, previous) => {
      const once = matchFields(template, source, previous);
      expect(matchFields(template, source, once)).toEqual(once);
    }),
    { numRuns: 1000 },
  );
});

test("no field of the source is given to two columns by itself", () => {
  fc.assert(
    fc.property(sources, (source) => {
      const found = Object.values(matchFields(template, source, {})).flatMap(
        ({ from }) => from ?? [],
      );
      expect(new Set(found).size).toBe(found.length);
    }),
  );
});
