/** Killed at random moments and run again from the last STATE: the tables are as if nothing had been. */
import { runKills } from "../../chaos/run-kills.ts";
import { workloads } from "../../chaos/workload.ts";

test.each(workloads)(
  "$name: killed again and again, the tables are as they should be",
  async (workload) => {
    const { kills } = await runKills({ seed: 8, kills: 5, workloads: [workload] });
    expect(kills).toHaveLength(5);
  },
);
