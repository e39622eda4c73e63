import { resolveSettings, type SettingsSchema } from "./settings.ts";

const schema: SettingsSchema = {
  type: "object",
  required: ["username"],
  properties: {
    username: { type: "string", description: "who", "x-env": ["SFDC_USERNAME"] },
    api_type: { type: "string", enum: ["rest", "bulk2"], default: "rest", description: "how" },
    is_sandbox: { type: "boolean", "x-aliases": ["sandbox"], description: "test host" },
    max_retries: { type: "integer", default: 5, description: "tries" },
    objects: { type: "array", items: { type: "string" }, description: "limit" },
    pseudonym_key: {
      type: "string",
      description: "key",
      "x-secret": true,
      "x-environment-only": true,
      "x-env": ["BIZOPS_PSEUDONYM_KEY"],
    },
  },
};
const resolve = (sources: never[] | object[], environment = {}) =>
  resolveSettings("tap-x", schema, sources as never, environment);

describe("resolveSettings", () => {
  test("[CLI-2] a later file wins, the environment fills gaps, defaults fill the rest", () => {
    const { values } = resolve([{ username: "a", max_retries: 1 }, { username: "b" }], {
      SFDC_USERNAME: "env",
      TAP_X_OBJECTS: "Account, Contact",
    });
    expect(values).toEqual({
      username: "b",
      max_retries: 1,
      api_type: "rest",
      objects: ["Account", "Contact"],
    });
  });

  test("ENV in the list takes its place in the order", () => {
    const { values } = resolve([{ username: "a" }, "ENV"] as never, { TAP_X_USERNAME: "env" });
    expect(values.username).toBe("env");
  });

  test("an alias is read under its canonical name, which wins where both stand", () => {
    expect(resolve([{ username: "a", sandbox: true }]).values.is_sandbox).toBe(true);
    expect(resolve([{ username: "a", is_sandbox: false, sandbox: true }]).values.is_sandbox).toBe(
      false,
    );
  });

  test("environment texts are read by type", () => {
    const { values } = resolve([], {
      TAP_X_USERNAME: "12",
      TAP_X_IS_SANDBOX: "true",
      TAP_X_MAX_RETRIES: "3",
    });
    expect(values).toMatchObject({ username: "12", is_sandbox: true, max_retries: 3 });
    expect(() => resolve([], { TAP_X_USERNAME: "a", TAP_X_MAX_RETRIES: "many" })).toThrow(
      "TAP_X_MAX_RETRIES must be a number",
    );
  });

  test("every problem is named at once, no value is quoted", () => {
    expect(() => resolve([{ api_type: "hunter2", max_retries: "hunter2" }])).toThrow(
      /username is missing \(or set SFDC_USERNAME\).*api_type must be one of rest, bulk2.*max_retries must be integer/,
    );
    expect(() => resolve([{ api_type: "hunter2" }])).toThrow(/^((?!hunter2).)*$/);
  });

  test("an unknown key is reported, a secret in a file refused", () => {
    expect(resolve([{ username: "a", user_name: "typo" }]).unknown).toEqual(["user_name"]);
    expect(() => resolve([{ username: "a", pseudonym_key: "k" }])).toThrow(/BIZOPS_PSEUDONYM_KEY/);
  });
});
