/** What one pod takes. @source kubernetes.io, "Resource Management for Pods and Containers" and "Sidecar Containers", 1.34 */
import type { Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { limitRanges, type Container, type PodSpec } from "../kubernetes/subjects.ts";
import type { Tell } from "./types.ts";
import { gibibytes, quantity } from "./quantity.ts";
import { larger, NOTHING, sum, type Size } from "./size.ts";

type Amounts = Readonly<Record<string, string | undefined>>;

/** What a namespace's LimitRange gives to a container that says nothing. */
export interface Defaults {
  readonly limits: Amounts;
  readonly requests: Amounts;
}

/** By namespace. */
export function containerDefaults(graph: Graph, tell: Tell): ReadonlyMap<string, Defaults> {
  const entries = graph.all(limitRanges).flatMap(({ view }) => {
    const range = known(view, tell);
    const ofContainers = known(() => range?.spec?.limits?.find(({ type }) => type === "Container"), tell);
    if (!ofContainers) return [];
    const defaults = { limits: ofContainers.default ?? {}, requests: ofContainers.defaultRequest ?? {} };
    return [[range?.metadata?.namespace ?? "default", defaults] as const];
  });
  return new Map(entries);
}

/** Preparing containers run one after the other, before those that serve; those that are always restarted run beside them. */
export function podSize(spec: PodSpec, defaults: Defaults = { limits: {}, requests: {} }): Size {
  const preparing = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy !== "Always");
  const beside = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  const size = (container: Container): Size => containerSize(container, defaults);
  const serving = sum([...(spec.containers ?? []), ...beside].map(size));
  const overhead: Size = {
    ...NOTHING,
    vcpu: quantity(spec.overhead?.["cpu"]) ?? 0,
    memoryGiB: gibibytes(spec.overhead?.["memory"]) ?? 0,
  };
  return sum([preparing.map(size).reduce(larger, serving), overhead]);
}

/**
 * CPU counts as it is kept for a container, memory and disk as they end. Memory without an end may be all of a node's,
 * so it is more than any limit.
 */
function containerSize({ resources }: Container, defaults: Defaults): Size {
  const limit = (name: string): string | undefined => resources?.limits?.[name] ?? defaults.limits[name];
  const request = (name: string): string | undefined =>
    resources?.requests?.[name] ?? resources?.limits?.[name] ?? defaults.requests[name];
  return {
    vcpu: quantity(request("cpu")) ?? 0,
    memoryGiB: gibibytes(limit("memory")) ?? Infinity,
    gpus: quantity(limit("nvidia.com/gpu")) ?? 0,
    storageGiB: gibibytes(limit("ephemeral-storage")) ?? 0,
  };
}
