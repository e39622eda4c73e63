/** Loads of all kinds, killed at random moments until there were enough kills. */
import { startOwnServer } from "@bizops/testkit";
import { startCuttingProxy } from "./cutting-proxy.ts";
import { KilledLoad } from "./killed-load.ts";
import { createRandom, type Random } from "./seeded-random.ts";
import { type Kill, type KillKind, killKinds, type Plan } from "./strikes.ts";
import type { Workload } from "./workload.ts";

export interface KillOptions {
  readonly seed: number;
  /** How many kills. */
  readonly kills: number;
  /** Taken in turn. */
  readonly workloads: readonly Workload[];
}

export interface KillSummary {
  readonly loads: number;
  readonly kills: readonly KillKind[];
  /** Runs that were not ended by what was killed. */
  readonly survived: number;
}

/** A load is left to finish after so many kills; the next begins with empty tables again. */
const killsPerLoad = 8;

/**
 * Kills, runs again, compares.
 * @throws Error at the first run that ends otherwise than it may, or the first table that is not as it should be
 */
export async function runKills({ seed, kills, workloads }: KillOptions): Promise<KillSummary> {
  const random = createRandom(seed);
  const server = await startOwnServer({});
  const proxy = await startCuttingProxy(server.port);
  const struck: KillKind[] = [];
  let loads = 0;
  let survived = 0;
  try {
    while (struck.length < kills) {
      const workload = workloads[loads % workloads.length]!;
      loads += 1;
      const load = new KilledLoad({ server, proxy, schema: `load_${loads}` }, workload, random);
      const wanted = Math.min(killsPerLoad, kills - struck.length);
      let ofLoad = 0;
      while (!load.complete) {
        const direct = random.below(3) === 0;
        const plan: Plan = (ofRun) =>
          ofLoad + ofRun < wanted ? planKill(direct, random) : undefined;
        const ofRun = await load.run(plan, direct);
        struck.push(...ofRun);
        ofLoad += ofRun.length;
        if (load.complete && ofRun.length > 0) survived += 1;
      }
      await load.compare();
    }
  } finally {
    await proxy.close();
    await server.remove();
  }
  return { loads, kills: struck, survived };
}

/** Now and then the target has not done anything yet. */
function planKill(direct: boolean, random: Random): Kill {
  const kind = random.pick(direct ? (["target", "server"] as const) : killKinds);
  if (random.below(8) === 0) return { kind, afterStates: 0, delay: random.below(400) };
  return { kind, afterStates: 1 + random.below(6), delay: random.below(40) };
}
