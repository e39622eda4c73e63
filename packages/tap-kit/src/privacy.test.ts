import { createHmac } from "node:crypto";
import fc from "fast-check";
import {
  decidePrivacy,
  defaultPrivacyPolicy,
  type FieldFacts,
  parsePrivacyPolicy,
  pseudonymise,
} from "./privacy.ts";

const facts = (more: Partial<FieldFacts> = {}): FieldFacts => ({
  stream: "Contact",
  field: "Email",
  schema: { type: "string", "x-privacy": "direct" },
  isKey: false,
  isReplicationKey: false,
  ...more,
});

describe("decidePrivacy", () => {
  test("[PRIV-3] without a key it refuses to run", () => {
    expect(() => decidePrivacy(facts(), defaultPrivacyPolicy, undefined)).toThrow(
      /Contact.Email must be pseudonymised.*BIZOPS_PSEUDONYM_KEY/,
    );
  });

  test("[PRIV-2] policy fields beat the catalog, the catalog beats the class", () => {
    const policy = parsePrivacyPolicy({ fields: { "Contact.Email": "drop" } });
    expect(decidePrivacy(facts({ catalogVerb: "mask" }), policy, "k").verb).toBe("drop");
    expect(decidePrivacy(facts({ catalogVerb: "mask" }), defaultPrivacyPolicy, "k").verb).toBe(
      "mask",
    );
    expect(decidePrivacy(facts(), defaultPrivacyPolicy, "k").verb).toBe("pseudonymise");
    expect(
      decidePrivacy(facts({ schema: { "x-privacy": "free-text" } }), defaultPrivacyPolicy, "k")
        .verb,
    ).toBe("drop");
  });

  test("[PRIV-4] a pseudonymised integer becomes a nullable string in the schema", () => {
    const schema = { type: "integer", "x-privacy": "direct" } as const;
    expect(decidePrivacy(facts({ schema }), defaultPrivacyPolicy, "k").schema).toEqual({
      type: ["null", "string"],
    });
  });

  test("[PRIV-6] a replication key may not change, a key may only be pseudonymised", () => {
    expect(() =>
      decidePrivacy(facts({ isReplicationKey: true }), defaultPrivacyPolicy, "k"),
    ).toThrow(/replication key/);
    const policy = parsePrivacyPolicy({ direct: "mask" });
    expect(() => decidePrivacy(facts({ isKey: true }), policy, "k")).toThrow(/is a key/);
  });

  test("unknown words in a policy are config errors", () => {
    expect(() => parsePrivacyPolicy({ direct: "hash" })).toThrow(/direct must be one of keep/);
    expect(() => parsePrivacyPolicy({ Direct: "keep" })).toThrow(/"Direct" is neither/);
  });
});

describe("pseudonymise", () => {
  test("[PRIV-1] is HMAC-SHA-256 of the normalised value", () => {
    const expected = createHmac("sha256", "key").update("jörg@example.com", "utf8").digest("hex");
    expect(pseudonymise("  JO\u0308RG@Example.com ", "key")).toBe(expected);
  });

  test.each([[null], [""], ["  "]])("%j stays as it is", (value) => {
    expect(pseudonymise(value, "key")).toBe(value);
  });

  test("never returns what it was given", () => {
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: "small" }), (value) => {
        const result = pseudonymise(value as never, "key");
        if (value === null || (typeof value === "string" && value.trim() === "")) return;
        expect(result).toMatch(/^[0-9a-f]{64}$/);
      }),
    );
  });
});
