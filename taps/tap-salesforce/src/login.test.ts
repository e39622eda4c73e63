import type { RawResponse } from "@bizops/http-client";
import { classifyLogin, readElement, renderLoginEnvelope } from "./login.ts";

const answer = (status: number, text: string): RawResponse => ({
  status,
  headers: {},
  text,
  json() {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  },
});
const fault = (code: string) =>
  `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>for jane@example.com</faultstring>`;

test("credentials survive XML there and back", () => {
  const password = `<&>"'];--&amp;`;
  const envelope = renderLoginEnvelope("jörg@example.com", password);
  expect(readElement(envelope, "password")).toBe(password);
  expect(readElement(envelope, "username")).toBe("jörg@example.com");
});

describe("classifyLogin", () => {
  const read = (response: RawResponse) => classifyLogin(response, "POST /x answered 500");

  test.each([
    [answer(500, fault("INVALID_LOGIN")), /refused the login \(INVALID_LOGIN\): check username/],
    [answer(500, fault("LOGIN_MUST_USE_SECURITY_TOKEN")), /set security_token/],
    [answer(400, '{"error":"invalid_grant","error_description":"x"}'), /invalid_grant.*My Domain/],
  ])("a refusal is an authentication error with advice", (response, text) => {
    expect(read(response)).toMatchObject({ exitCode: 3, message: expect.stringMatching(text) });
    expect(String(read(response))).not.toContain("jane");
  });

  test("trouble on their side is tried again, a spent quota is one", () => {
    expect(read(answer(500, fault("SERVER_UNAVAILABLE")))).toMatchObject({ action: "retry" });
    expect(read(answer(500, fault("REQUEST_LIMIT_EXCEEDED")))).toMatchObject({ exitCode: 6 });
    expect(read(answer(503, "<html>"))).toBeUndefined();
  });
});
