import { parse } from "yaml";
import { planProjectFiles } from "./plan-project-files.ts";

const files = planProjectFiles({
  taps: [
    { name: "tap-one", variables: [{ name: "ONE_URL", description: "Where." }] },
    { name: "tap-number-two", variables: [] },
  ],
  target: { name: "target-postgres", variables: [] },
  dbtPackage: "node_modules/@bizops/dbt",
  pseudonymKey: "secret-key",
});
const contentOf = (path: string) => files.find((file) => file.path === path)!.content;

test("only .env holds the key, and only its owner may read it", () => {
  const holding = files.filter(({ content }) => content.includes("secret-key"));
  expect(holding.map(({ path, secret }) => [path, secret])).toEqual([[".env", true]]);
  expect(contentOf(".gitignore").split("\n")).toContain(".env");
});

test("bizops.yml has a pipeline for each tap, named as a schema can be", () => {
  expect(Object.keys(parse(contentOf("bizops.yml")).pipelines)).toEqual(["one", "number_two"]);
});

test("CI has one job a pipeline: by itself in production, by hand on review branches", () => {
  const ci = parse(contentOf(".gitlab-ci.yml"));
  const jobs = Object.keys(ci).filter((name) => ci[name].stage !== undefined);
  expect(jobs).toEqual(["load one", "load number_two", "transform"]);
  for (const job of jobs) expect(ci[job].extends).toBe(".production or by hand");
  expect(ci["load number_two"].script).toEqual(["npx bizops run number_two --no-transform"]);
  const [production, otherwise] = ci[".production or by hand"].rules;
  expect(production.if).toMatch(/"schedule" \|\| .* == \$CI_DEFAULT_BRANCH/);
  expect(production.variables).toEqual({ BIZOPS_ENV: "production" });
  expect(otherwise).toEqual({ when: "manual", allow_failure: true });
});
