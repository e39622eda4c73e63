import { ConfigError } from "@bizops/singer";
import { readProjectFile } from "./read-project-file.ts";

const head = "pipelines:\n  crm:\n    tap: tap-x\n";

test.each([
  ["broken YAML", "pipelines:\n  a: [1\n", /^f:\d: not valid YAML/],
  ["no pipelines", "transform: {}\n", /^f:1: the file needs pipelines$/],
  ["a key that is missing", head, /^f:2: pipelines.crm needs target$/],
  [
    "a key nobody knows, where it stands",
    `${head}    target: t\n    conifg: {}\n`,
    /^f:5: pipelines.crm has an unknown key conifg$/,
  ],
  [
    "a value of the wrong type, deep inside",
    `${head}    target: t\n    retry:\n      tries: often\n`,
    /^f:6: pipelines.crm.retry.tries must be integer$/,
  ],
  [
    "an item of a list",
    `${head}    target: t\n    select:\n      - Account\n      - 3\n`,
    /^f:7: pipelines.crm.select.1 must be string$/,
  ],
  [
    "the longer form of a target",
    `${head}    target:\n      name: t\n      confg: {}\n`,
    /^f:6: pipelines.crm.target has an unknown key confg$/,
  ],
  [
    "a name that cannot be one",
    "pipelines:\n  my-crm: { tap: a, target: b }\n",
    /^f:2: pipelines: the name my-crm must match/,
  ],
  [
    "several errors at once",
    `${head}  erp:\n    target: t\n`,
    /^f:2: pipelines.crm needs target; f:4: pipelines.erp needs tap$/,
  ],
])("%s", (_, text, message) => {
  const read = () => readProjectFile(text, "f", {});
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(message);
});

test("variables are filled in before the check; one that is not set is found by its line", () => {
  const text = `${head}    target: t\n    config: { url: "https://\${HOST}/\${PATH_}", id: "\${ID}" }\n`;
  const read = readProjectFile(text, "f", { HOST: "h", PATH_: "p: q" });
  expect(read.content).toMatchObject({
    pipelines: { crm: { config: { url: "https://h/p: q" } } },
  });
  expect(read.missing).toEqual([{ name: "ID", path: ["pipelines", "crm", "config", "id"] }]);
  expect(read.place(read.missing[0]!.path)).toBe("f:5");
});

test("an error never quotes a value", () => {
  const text = `${head}    target: t\n    retry: { tries: "\${SECRET}" }\n`;
  const read = () => readProjectFile(text, "f", { SECRET: "hunter2" });
  expect(read).toThrow(/must be integer/);
  expect(read).not.toThrow(/hunter2/);
});
