/** What workloads ask of nodes: which group each belongs to, how many pods it may be, what one of them needs. */
import { poolName } from "../../platform/conventions.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { Amounts, Batch } from "./packing.ts";

/** Always there: CoreDNS and the controllers have to stand somewhere. */
export const GENERAL = "general";

/** `min`, `desired` and `max` are the scaling's; a job that waits for its hour or its message is none until then. */
export type At = "min" | "desired" | "max";

export function replicas(workload: Workload, at: At): number {
  if (workload.kind !== "job") return "singleton" in workload.scaling ? 1 : workload.scaling[at];
  const { trigger } = workload;
  if ("queue" in trigger) return at === "max" ? trigger.maxParallel : 0;
  // What runs before each rollout needs its place whenever anything is deployed.
  return at === "max" || (at === "desired" && "before" in trigger) ? 1 : 0;
}

/** What the pod asks the scheduler for, and the interface that its security group takes. */
export function needOf({ compute }: Workload): Amounts {
  return {
    milliCpu: Math.ceil((compute.cpu * 1000) / 1024),
    memory: compute.memory,
    gpus: compute.on.pool === "gpu" ? compute.on.gpus : 0,
    pods: 1,
    branchInterfaces: 1,
  };
}

export function batchesOf(workloads: readonly Workload[], at: At): readonly Batch[] {
  return workloads.map((workload) => ({ need: needOf(workload), count: replicas(workload, at) }));
}

/** A job stands alone. */
export function isTogether({ kind, zones }: Workload): boolean {
  return kind !== "job" && zones === "together";
}

/** Machines that are bought alike and run the same images: `general-arm64`, `gpu-a10g-spot`. */
export function groupName({ compute }: Workload): string {
  const pool = poolName(compute.on, compute.purchase);
  return compute.architecture === "arm64" ? `${pool}-arm64` : pool;
}

/** Who stands in which group, sorted by the group's name. */
export function membersOf(model: Model): ReadonlyMap<string, readonly Workload[]> {
  const members = new Map<string, readonly Workload[]>([[GENERAL, []]]);
  for (const workload of model.workloads) {
    const name = groupName(workload);
    members.set(name, [...(members.get(name) ?? []), workload]);
  }
  return new Map([...members].sort(([a], [b]) => (a < b ? -1 : 1)));
}
