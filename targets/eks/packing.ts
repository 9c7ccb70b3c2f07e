/** How many nodes hold a set of pods. Arithmetic only: it knows neither workloads nor machines. */
import type { MiB } from "../../platform/model/types.ts";

/** What a pod asks for, or a node has to give. Whole numbers: CPU in thousandths of one. */
export interface Amounts {
  readonly milliCpu: number;
  readonly memory: MiB;
  readonly gpus: number;
  readonly pods: number;
  /** Network interfaces for pods in a security group of their own. */
  readonly branchInterfaces: number;
}

/** So many pods that ask for the same. */
export interface Batch {
  readonly need: Amounts;
  readonly count: number;
}

const KINDS = ["milliCpu", "memory", "gpus", "pods", "branchInterfaces"] as const satisfies (keyof Amounts)[];

function amounts(of: (kind: keyof Amounts) => number): Amounts {
  return {
    milliCpu: of("milliCpu"),
    memory: of("memory"),
    gpus: of("gpus"),
    pods: of("pods"),
    branchInterfaces: of("branchInterfaces"),
  };
}

/** Each at its least, for a node that may be any of these. */
export function leastOf([first, ...others]: readonly [Amounts, ...Amounts[]]): Amounts {
  return others.reduce((least, each) => amounts((kind) => Math.min(least[kind], each[kind])), first);
}

/** What is asked for and not there. */
export function shortOf(need: Amounts, offered: Amounts): readonly (keyof Amounts)[] {
  return KINDS.filter((kind) => need[kind] > offered[kind]);
}

/** One batch of those that ask for the same, none empty: a thousand services come in a handful of sizes. */
function gathered(batches: readonly Batch[]): readonly Batch[] {
  const byNeed = Map.groupBy(
    batches.filter(({ count }) => count > 0),
    ({ need }) => KINDS.map((kind) => need[kind]).join(" "),
  );
  return [...byNeed.values()].flatMap((alike) =>
    alike.slice(0, 1).map(({ need }) => ({ need, count: alike.reduce((sum, { count }) => sum + count, 0) })),
  );
}

/** How many such pods an empty node holds; what runs out first decides. */
export function countOn(offered: Amounts, need: Amounts): number {
  return Math.min(...KINDS.map((kind) => (need[kind] > 0 ? Math.floor(offered[kind] / need[kind]) : Infinity)));
}

/** So many nodes that have the same left. */
interface Nodes {
  readonly free: Amounts;
  readonly count: number;
}

/**
 * First fit, the largest first: the nodes that a tidy hand needs. Pods and nodes that are alike are counted together, so
 * a thousand of them cost no more than one. Infinity when an empty node is too small for one of them.
 */
export function nodesPacked(batches: readonly Batch[], offered: Amounts): number {
  const share = ({ need }: Batch): number => Math.max(...KINDS.map((kind) => need[kind] / Math.max(offered[kind], 1)));
  const sorted = [...gathered(batches)].sort((a, b) => share(b) - share(a));
  if (sorted.some(({ need }) => shortOf(need, offered).length > 0)) return Infinity;
  let nodes: readonly Nodes[] = [];
  for (const { need, count } of sorted) {
    let rest = count;
    const filled: Nodes[] = [];
    for (const each of nodes) {
      const parts = fill(each, need, rest);
      filled.push(...parts.nodes);
      rest = parts.rest;
    }
    const opened = { free: offered, count: Math.ceil(rest / countOn(offered, need)) };
    nodes = [...filled, ...(rest > 0 ? fill(opened, need, rest).nodes : [])];
  }
  return nodes.reduce((sum, { count }) => sum + count, 0);
}

/** Puts as many pods as there are and fit on nodes that are alike: some get all they hold, one the rest, others none. */
function fill({ free, count }: Nodes, need: Amounts, pods: number): { nodes: readonly Nodes[]; rest: number } {
  const each = countOn(free, need);
  if (each === 0 || pods === 0) return { nodes: [{ free, count }], rest: pods };
  const full = Math.min(count, Math.floor(pods / each));
  const last = full < count ? pods - full * each : 0;
  const after = (taken: number): Amounts => amounts((kind) => free[kind] - taken * need[kind]);
  const parts = [
    { free: after(each), count: full },
    { free: after(last), count: last > 0 ? 1 : 0 },
    { free, count: count - full - (last > 0 ? 1 : 0) },
  ];
  return { nodes: parts.filter((part) => part.count > 0), rest: pods - full * each - last };
}

/** Sums of quotients; what a rounding error leaves below a whole number counts as that number. */
const ROUNDING = 1e-9;

/**
 * Nodes on which every pod finds room in whatever order they come and wherever a scheduler puts each: the scheduler
 * spreads, it does not pack. A node refuses a pod only when what stands on it has taken more of something than that pod
 * leaves over; so each pod blocks at most its share of a node, and one node more than all others can block is enough.
 */
export function nodesInAnyOrder(batches: readonly Batch[], offered: Amounts): number {
  const present = gathered(batches);
  const needed = present.map((last) => {
    if (shortOf(last.need, offered).length > 0) return Infinity;
    const others = present.map((each) => (each === last ? { ...each, count: each.count - 1 } : each));
    const blocked = others.reduce((sum, { need, count }) => sum + count * blocks(need, last.need, offered), 0);
    return 1 + Math.floor(blocked + ROUNDING);
  });
  return Math.max(0, ...needed);
}

/** The share of a node that one pod can keep another pod out of. */
function blocks(pod: Amounts, other: Amounts, offered: Amounts): number {
  return Math.min(
    1,
    Math.max(...KINDS.map((kind) => (other[kind] > 0 ? pod[kind] / (offered[kind] - other[kind] + 1) : 0))),
  );
}
