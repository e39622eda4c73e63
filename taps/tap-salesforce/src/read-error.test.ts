import { classifyError } from "./read-error.ts";

const read = (status: number, body: unknown) =>
  classifyError(
    { status, headers: {}, text: "", json: () => body as never },
    `GET /query answered ${status}`,
  );
const error = (errorCode: string, message = "") => [{ errorCode, message }];

describe("classifyError", () => {
  test.each([
    [401, "INVALID_SESSION_ID", { action: "renew" }],
    [403, "REQUEST_LIMIT_EXCEEDED", { exitCode: 6 }],
    [500, "UNKNOWN_EXCEPTION", { action: "retry", reason: "UNKNOWN_EXCEPTION" }],
    [400, "INVALID_QUERY_LOCATOR", { name: "Error", exitCode: 4 }],
    [400, "QUERY_TIMEOUT", { exitCode: 4 }],
    [403, "API_DISABLED_FOR_ORG", { exitCode: 3 }],
    [400, "MALFORMED_QUERY", { exitCode: 5, message: "GET /query answered 400 MALFORMED_QUERY" }],
  ])("%i %s", (status, code, expected) => {
    expect(read(status, error(code))).toMatchObject(expected);
  });

  test("a field that is gone is named, the query is not quoted", () => {
    const message =
      "\nSELECT Id,Gone__c FROM X WHERE a='s3cret'\nNo such column 'Gone__c' on entity";
    const found = read(400, error("INVALID_FIELD", message)) as Error;
    expect(found.message).toContain("(Gone__c): discover again");
    expect(found.message).not.toContain("s3cret");
  });

  test("what is no error of Salesforce's own is left to the client", () => {
    expect(read(200, error("INVALID_SESSION_ID"))).toBeUndefined();
    expect(read(503, "<html>")).toBeUndefined();
  });
});
