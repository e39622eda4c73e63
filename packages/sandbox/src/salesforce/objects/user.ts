/** User: the company's staff. The vendor gives users no IsDeleted; they are deactivated. */
import type { User } from "../../world/users.ts";
import { datetime, email, flag, id, lookup, picklist, text } from "../field.ts";
import { PREFIX } from "../key-prefixes.ts";
import { recordId } from "../record-id.ts";
import { defineObject } from "../sobject.ts";
import { auditFields, userId } from "./audit-fields.ts";
import { fullName } from "./contact.ts";

export const user = defineObject<User>({
  name: "User",
  label: "User",
  labelPlural: "Users",
  keyPrefix: PREFIX.User,
  table: (world) => world.users,
  fields: [
    id("User ID", (row) => userId(row.key)),
    text("Username", "Username", 80, (row) => row.email, { nillable: false }),
    text("LastName", "Last Name", 80, (row) => row.lastName, {
      nillable: false,
      compoundFieldName: "Name",
    }),
    text("FirstName", "First Name", 40, (row) => row.firstName, {
      compoundFieldName: "Name",
    }),
    text("Name", "Full Name", 121, fullName, { nillable: false, isName: true }),
    text("Title", "Title", 80, (row) => row.title),
    text("Department", "Department", 80, (row) =>
      row.role === "Marketing" ? "Marketing" : "Sales",
    ),
    text("City", "City", 40, (row) => row.city),
    text("Country", "Country", 80, (row) => row.country),
    email("Email", "Email", (row) => row.email),
    flag("IsActive", "Active", (row) => row.isActive),
    lookup("ManagerId", "Manager ID", "User", (row) => (row.key < 4 ? null : userId(row.key % 4))),
    lookup("UserRoleId", "Role ID", "UserRole", (row) => recordId("00E", row.key % 4)),
    picklist("UserType", "User Type", ["Standard"], () => "Standard"),
    picklist(
      "TimeZoneSidKey",
      "Time Zone",
      ["Europe/Lisbon", "America/Chicago"],
      () => "Europe/Lisbon",
      {
        nillable: false,
      },
    ),
    datetime("LastLoginDate", "Last Login", (row) => row.lastLoginAt),
    ...auditFields<User>(),
    lookup("ProfileId", "Profile ID", "Profile", () => recordId("00e", 1), { nillable: false }),
  ],
});
