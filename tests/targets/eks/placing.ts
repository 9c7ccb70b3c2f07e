/** Puts pods on nodes one by one, as a scheduler does. Shares no arithmetic with what is tested by it. */
import type { Amounts, Batch } from "../../../targets/eks/packing.ts";

export const onePod: Amounts = { milliCpu: 0, memory: 0, gpus: 0, pods: 1, branchInterfaces: 0 };

export function pods(batches: readonly Batch[]): readonly Amounts[] {
  return batches.flatMap(({ need, count }) => Array.from({ length: count }, () => need));
}

type Policy = (candidates: readonly Amounts[]) => Amounts | undefined;

export const policies = {
  /** The first that has room. */
  first: (candidates) => candidates[0],
  /** The one with the most CPU left: so the default scheduler scores. */
  emptiest: (candidates) => [...candidates].sort((a, b) => b.milliCpu - a.milliCpu)[0],
  /** The one with the least left. */
  fullest: (candidates) => [...candidates].sort((a, b) => a.milliCpu - b.milliCpu)[0],
} as const satisfies Record<string, Policy>;

/** How many of the pods found a place. */
export function place(order: readonly Amounts[], count: number, offered: Amounts, policy: Policy): number {
  let nodes: readonly Amounts[] = Array.from({ length: count }, () => ({ ...offered }));
  let placed = 0;
  for (const pod of order) {
    const chosen = policy(
      nodes.filter(
        (free) =>
          free.milliCpu >= pod.milliCpu &&
          free.memory >= pod.memory &&
          free.gpus >= pod.gpus &&
          free.pods >= pod.pods &&
          free.branchInterfaces >= pod.branchInterfaces,
      ),
    );
    if (!chosen) continue;
    placed += 1;
    nodes = nodes.map((free) =>
      free === chosen
        ? {
            milliCpu: free.milliCpu - pod.milliCpu,
            memory: free.memory - pod.memory,
            gpus: free.gpus - pod.gpus,
            pods: free.pods - pod.pods,
            branchInterfaces: free.branchInterfaces - pod.branchInterfaces,
          }
        : free,
    );
  }
  return placed;
}
