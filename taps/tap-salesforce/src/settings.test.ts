import { resolveSettings } from "@bizops/connector-kit";
import { readSettings, settingsSchema } from "./settings.ts";

const read = (config: object, environment = {}) =>
  readSettings(
    resolveSettings("tap-salesforce", settingsSchema, [config as never], environment).values,
  );
const user = { username: "u", password: "p" };

describe("readSettings", () => {
  test("user name, password and token, from the variables people have set", () => {
    const { login, loginUrl } = read(
      {},
      {
        SFDC_USERNAME: "u",
        SFDC_PASSWORD: "p",
        SFDC_SECURITY_TOKEN: "t",
        SFDC_URL: "my.example.com/",
      },
    );
    expect(login).toEqual({ kind: "password", username: "u", password: "pt" });
    expect(loginUrl).toBe("https://my.example.com");
  });

  test("the config of singer-io's tap", () => {
    const settings = read({
      client_id: "i",
      client_secret: "s",
      refresh_token: "r",
      is_sandbox: "true",
      select_fields_by_default: "true",
      api_type: "REST",
    });
    expect(settings).toMatchObject({
      login: { kind: "oauth", clientId: "i", clientSecret: "s", refreshToken: "r" },
      loginUrl: "https://test.salesforce.com",
      selectCustomText: true,
      quotaPercentTotal: 80,
      quotaPercentPerRun: 25,
      lookbackSeconds: 10,
      apiVersion: "61.0",
    });
  });

  test("client credentials; blank texts count as unset", () => {
    expect(
      read({ client_id: "i", client_secret: "s", username: "", refresh_token: " " }).login,
    ).toEqual({ kind: "oauth", clientId: "i", clientSecret: "s", refreshToken: undefined });
  });

  test.each([
    ["BULK", "bulk2"],
    ["BULK2", "bulk2"],
    ["REST", "rest"],
    [undefined, "auto"],
  ])("api_type %s is %s", (api_type, expected) => {
    expect(read({ ...user, ...(api_type && { api_type }) }).apiType).toBe(expected);
  });

  test("what is missing or wrong is said", () => {
    expect(() => read({ username: "u" })).toThrow(
      /credentials are missing; set username, password/,
    );
    expect(() => read({ ...user, api_type: "soap" })).toThrow(/api_type must be one of/);
    expect(() => read({ ...user, login_url: "http://a b" })).toThrow("login_url is not a URL");
  });
});
