/** How many replicas a side gets by hand, and when. Pure. */
import type { Model, Percent, Service, Worker } from "../../../../platform/model/types.ts";
import type { Replicas } from "./config.ts";
import type { WorkloadState } from "./ports.ts";

/** A new side's workers wait: two sides in one group would share the partitions before the new one has shown itself. */
export function initialReplicas(model: Model): Replicas {
  return Object.fromEntries(workersOf(model).map(({ name }) => [name, { exactly: 0 }]));
}

/**
 * Floors for a share of the traffic (0–100): as many as the other side runs for all of it now, or is usual if that is more.
 * A floor is at most what scaling may reach.
 */
export function floorsFor(model: Model, share: Percent, other: readonly WorkloadState[]): Replicas {
  return Object.fromEntries(
    model.workloads.flatMap((workload) => {
      if (workload.kind !== "service") return [];
      const wanted = Math.ceil((Math.max(workload.scaling.desired, runningOf(workload, other)) * share) / 100);
      return [[workload.name, { atLeast: Math.min(workload.scaling.max, Math.max(workload.scaling.min, wanted)) }]];
    }),
  );
}

/** Workers that move, with the counts that carry all of their work: as many as there are, or the usual number. */
export function movedWorkers(
  model: Model,
  only: readonly string[] | null,
  other: readonly WorkloadState[],
): readonly { readonly name: string; readonly count: number }[] {
  return workersOf(model)
    .filter(({ name }) => only === null || only.includes(name))
    .map((worker) => ({ name: worker.name, count: countOf(worker, other) }));
}

function countOf(worker: Worker, other: readonly WorkloadState[]): number {
  if ("singleton" in worker.scaling) return 1;
  return Math.min(worker.scaling.max, Math.max(worker.scaling.desired, runningOf(worker, other)));
}

const runningOf = ({ name }: Service | Worker, states: readonly WorkloadState[]): number =>
  states.find((state) => state.name === name)?.ready ?? 0;

const workersOf = ({ workloads }: Model): readonly Worker[] =>
  workloads.flatMap((workload) => (workload.kind === "worker" ? [workload] : []));
