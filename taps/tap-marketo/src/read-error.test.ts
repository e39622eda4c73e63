import { classifyError } from "./read-error.ts";

const answer = (code: string, message: string) => {
  const body = { success: false, errors: [{ code, message }] };
  const text = JSON.stringify(body);
  return classifyError({ status: 200, headers: {}, text, json: () => body }, "GET /x answered 200");
};

test.each([
  ["601", "Access token invalid", { action: "renew" }],
  ["602", "Access token expired", { action: "renew" }],
  ["606", "Max rate limit '100' exceeded", { action: "retry" }],
  ["611", "System error", { action: "retry" }],
  ["603", "Access denied", { exitCode: 3 }],
  ["607", "Daily API request limit reached", { exitCode: 6 }],
  ["1029", "Export daily quota exceeded", { exitCode: 6 }],
  ["1029", "Too many jobs in queue", { exitCode: 4 }],
  ["1029", "something new", { exitCode: 5 }],
  ["1035", "Unsupported filter type for target subscription", { exitCode: 2 }],
  ["1003", "Invalid field", { exitCode: 5 }],
  ["702", "Record not found", { exitCode: 5 }],
])("%s, %s", (code, message, expected) => {
  expect(answer(code, message)).toMatchObject(expected);
});

test("a message of Marketo's, which may quote values, is not repeated", () => {
  expect(answer("1006", "Field 'secret' not found")).not.toMatchObject({
    message: expect.stringContaining("secret"),
  });
});

test("a good answer is nobody's business here", () => {
  const body = { success: true, result: [] };
  const response = { status: 200, headers: {}, text: "", json: () => body };
  expect(classifyError(response, "GET /x answered 200")).toBeUndefined();
});
