import { QuotaError } from "@bizops/singer";
import { createQuotaMeter } from "./usage-quota.ts";

const read = ({ usage = "" }: { [name: string]: string }) => {
  const [used, limit] = usage.split("/").map(Number);
  return limit === undefined ? undefined : { used: used!, limit };
};
const meter = (percentTotal: number, percentPerRun: number) =>
  createQuotaMeter({ read, percentTotal, percentPerRun });

describe("createQuotaMeter", () => {
  test("stops before the request that would exceed the total", () => {
    const quota = meter(80, 100);
    quota.spend();
    quota.learn({ usage: "79/100" });
    quota.spend();
    quota.learn({ usage: "80/100" });
    expect(() => quota.spend()).toThrow(QuotaError);
    expect(() => quota.spend()).toThrow(/80 of 100 .* 80 percent \(quota_percent_total\)/);
  });

  test("stops before this run exceeds its own share", () => {
    const quota = meter(100, 2);
    quota.spend();
    quota.learn({ usage: "1/100" });
    quota.spend();
    expect(() => quota.spend()).toThrow(/used 2 .* 2 percent \(quota_percent_per_run\)/);
  });

  test("an answer without the header leaves what was learnt", () => {
    const quota = meter(80, 100);
    quota.learn({ usage: "90/100" });
    quota.learn({});
    expect(() => quota.spend()).toThrow(QuotaError);
  });
});
