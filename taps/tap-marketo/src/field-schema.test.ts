import { LosslessNumber } from "@bizops/singer";
import { classifyPrivacy, createReader } from "./field-schema.ts";

test.each([
  ["email", "email", "direct"],
  ["workEmail", "string", "direct"],
  ["mobilePhone", "phone", "direct"],
  ["firstName", "string", "direct"],
  ["address", "text", "direct"],
  ["billingStreet", "string", "direct"],
  ["anonymousIP", "string", "direct"],
  ["client_ip_address", "string", "direct"],
  ["personNotes", "textarea", "free-text"],
  ["form_fields", "text", "free-text"],
  ["new_value", "string", "free-text"],
  ["query_parameters", "string", "free-text"],
  ["city", "string", "indirect"],
  ["inferredCountry", "string", "indirect"],
  ["dateOfBirth", "date", "indirect"],
  ["user_agent", "string", "indirect"],
  ["company", "string", undefined],
  ["webpage_url", "string", undefined],
  ["sfdcLeadId", "string", undefined],
  ["emailInvalid", "boolean", undefined],
  ["leadScore", "score", undefined],
])("%s of type %s is %s", (name, dataType, expected) => {
  expect(classifyPrivacy(name, dataType)).toBe(expected);
});

test.each([
  ["integer", "42", 42],
  ["integer", "12345678901234567890", new LosslessNumber("12345678901234567890")],
  ["currency", "0.1000000000000000055", new LosslessNumber("0.1000000000000000055")],
  ["float", "", null],
  ["boolean", "1", true],
  ["boolean", "false", false],
  ["date", "2024-02-29", "2024-02-29"],
  ["datetime", "2013-02-19T23:25:30Z+0000", "2013-02-19T23:25:30Z"],
  ["url", "https://a.example/b?token=x#y", "https://a.example/b"],
  ["string", "", ""],
  ["string", 7, "7"],
])("a value of type %s: %j is read as %j", (dataType, value, expected) => {
  expect(createReader("leads.x", "x", dataType)(value)).toEqual(expected);
});

test.each([
  ["integer", "secret"],
  ["integer", "007"],
  ["float", "1,5"],
  ["boolean", "secret"],
])("a value that is not of type %s is a broken contract that is not quoted", (dataType, value) => {
  const read = createReader("leads.x", "x", dataType);
  expect(() => read(value)).toThrow(`leads.x is not of type ${dataType}`);
  expect(() => read(value)).not.toThrow(/secret|007|1,5/);
});
