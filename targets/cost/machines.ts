/**
 * How many machines a set of tasks or pods takes. The best packing is a hard problem, and simple packings have a flaw
 * that a price must not have: with one replica less they can take one machine more. So this is the number that no
 * scheduler does with less of: two counts that only grow with what is asked for, of which the larger one holds.
 */
import type { Amounts, Batch } from "../eks/packing.ts";

const KINDS = ["milliCpu", "memory", "gpus", "pods", "branchInterfaces"] as const satisfies (keyof Amounts)[];

/** The part of an empty machine that one piece occupies, of what it takes most of. Over 1 it does not fit. */
export function shareOf(need: Amounts, offered: Amounts): number {
  return Math.max(...KINDS.map((kind) => (need[kind] === 0 ? 0 : need[kind] / offered[kind])));
}

/** Machines that offer the same; Infinity where a piece is larger than an empty one. */
export function machinesFor(batches: readonly Batch[], offered: Amounts): number {
  const present = batches.filter(({ count }) => count > 0);
  if (present.some(({ need }) => shareOf(need, offered) > 1)) return Infinity;
  return Math.max(...KINDS.map((kind) => Math.max(bySum(present, offered, kind), bySize(present, offered, kind))));
}

/** What is asked for altogether over what one machine has. */
function bySum(batches: readonly Batch[], offered: Amounts, kind: keyof Amounts): number {
  const total = batches.reduce((sum, { need, count }) => sum + count * need[kind], 0);
  return total === 0 ? 0 : Math.ceil(total / offered[kind]);
}

/**
 * Of pieces that are so large that at most one, two, three … fit on a machine, their number over that. So pods of 4 vCPU
 * take a machine of 7 each, however much of it they leave, and only smaller ones fill the rest.
 */
function bySize(batches: readonly Batch[], offered: Amounts, kind: keyof Amounts): number {
  const byFit = new Map<number, number>();
  for (const { need, count } of batches) {
    if (need[kind] === 0) continue;
    const fit = Math.floor(offered[kind] / need[kind]);
    byFit.set(fit, (byFit.get(fit) ?? 0) + count);
  }
  let machines = 0;
  let pieces = 0;
  for (const [fit, count] of [...byFit].sort(([a], [b]) => a - b)) {
    pieces += count;
    machines = Math.max(machines, Math.ceil(pieces / fit));
  }
  return machines;
}
