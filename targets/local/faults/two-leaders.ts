/** A doubled singleton: both sides run it. The lease lets one of them work, and passes to the other when that one dies. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Premises, Strike } from "./fault.ts";

const WORKLOAD = "data-ingestion-service";
const LEASE = "feed-coinbase";
/** Two would-be leaders ask every half a second. */
const TOGETHER_MILLISECONDS = 4000;
const LOOK_MILLISECONDS = 100;
const TAKEOVER_MILLISECONDS = 45_000;

export const twoLeaders: Strike = {
  share: 100,
  run: async (premises) => {
    const { scale, killReplica, leaseHolder, report } = premises;
    // The workers have moved by now: the new side has its one.
    await scale("old", WORKLOAD, 1);
    report(`both sides run ${WORKLOAD}`);
    const first = await leaseHolder(LEASE);
    if (!first) throw new Error(`Nobody holds ${LEASE}.`);
    const held = await holdersFor(TOGETHER_MILLISECONDS, premises);
    if (held.size !== 1) throw new Error(`${LEASE} had ${held.size} holders while nobody died.`);
    report(`${LEASE} has one holder, fence ${first.fence}`);
    await killReplica("new", WORKLOAD);
    await killReplica("old", WORKLOAD);
    report(`every replica of ${WORKLOAD} is killed`);
    const next = await successorOf(first.fence, premises);
    report(`${LEASE} has its next holder, fence ${next}`);
    await scale("old", WORKLOAD, 0);
  },
};

async function holdersFor(milliseconds: number, { leaseHolder, signal }: Premises): Promise<ReadonlySet<string>> {
  const holders = new Set<string>();
  for (const until = performance.now() + milliseconds; performance.now() < until;) {
    const held = await leaseHolder(LEASE);
    if (held) holders.add(`${held.holder} ${held.fence}`);
    await sleep(LOOK_MILLISECONDS, undefined, { signal });
  }
  return holders;
}

/** @returns the fence of the next ownership */
async function successorOf(fence: number, { leaseHolder, signal }: Premises): Promise<number> {
  for (const until = performance.now() + TAKEOVER_MILLISECONDS; performance.now() < until;) {
    const held = await leaseHolder(LEASE);
    if (held && held.fence > fence) return held.fence;
    await sleep(LOOK_MILLISECONDS, undefined, { signal });
  }
  throw new Error(`Nobody took ${LEASE} over.`);
}
