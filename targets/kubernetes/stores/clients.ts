/** Which workloads come to which store, by their bindings alone: what is started and who is let in follow from it. */
import { reachOf } from "../../../platform/model/reach.ts";
import type { Model, Workload } from "../../../platform/model/types.ts";

export function usesQueues({ uses }: Workload): boolean {
  return uses.some(({ to }) => to.kind === "queue");
}

export function usesBuckets({ uses }: Workload): boolean {
  return uses.some(({ to }) => to.kind === "bucket");
}

/** Names of the workloads that a binding leads to a store of the model, sorted. */
export function clientsOf(store: string, model: Model): readonly string[] {
  return names(model, (workload) =>
    reachOf(workload, model).reaches.some(({ peer }) => peer.kind === "store" && peer.name === store),
  );
}

export function queueClients(model: Model): readonly string[] {
  return names(model, usesQueues);
}

export function bucketClients(model: Model): readonly string[] {
  return names(model, usesBuckets);
}

/** The buckets that a workload uses, sorted: the others are AWS' own business. */
export function usedBuckets({ workloads }: Model): readonly string[] {
  const used = workloads.flatMap(({ uses }) => uses.flatMap(({ to }) => (to.kind === "bucket" ? [to.name] : [])));
  return [...new Set(used)].sort();
}

function names({ workloads }: Model, comes: (workload: Workload) => boolean): readonly string[] {
  return workloads
    .filter(comes)
    .map(({ name }) => name)
    .sort();
}
