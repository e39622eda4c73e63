/** Which fields hold personal data. */
import { classifyPrivacy } from "./field-schema.ts";

test.each([
  ["Contact", "FirstName", "text", "direct"],
  ["Contact", "WorkEmail", "text", "direct"],
  ["Contact", "Address1", "text", "direct"],
  ["Contact", "OtherPhoneType", "picklist", undefined],
  ["Contact", "City", "text", "indirect"],
  ["Account", "Name", "text", undefined],
  ["Account", "Notes", "text", "free-text"],
  ["Account", "CustomerServiceRepName", "text", "direct"],
  ["PaymentMethod", "CreditCardHolderName", "text", "direct"],
  ["PaymentMethod", "BankAccountNumberMask", "text", "direct"],
  ["PaymentMethod", "IPAddress", "text", "direct"],
  ["Invoice", "Comments", "text", "free-text"],
  ["Invoice", "Amount", "decimal", undefined],
  ["Subscription", "Name", "text", undefined],
])("%s.%s of type %s: %s", (object, name, type, expected) => {
  expect(classifyPrivacy(object, name, type)).toBe(expected);
});
