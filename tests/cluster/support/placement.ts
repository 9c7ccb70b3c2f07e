/** Where the model wants its pods, judged against where the scheduler has put them. */
import type { Model, Workload } from "../../../platform/model/types.ts";
import { LABEL_DOMAIN } from "../../../platform/conventions.ts";
import type { SimulatedNode } from "./nodes.ts";
import type { AnyManifest } from "./pods.ts";
import type { SeenPod } from "./seen-pod.ts";

/** A line for each pod on a node that is not for it. */
export function misplaced(
  pods: readonly SeenPod[],
  nodes: readonly SimulatedNode[],
  { workloads }: Model,
): readonly string[] {
  return pods.flatMap((pod) => {
    const node = nodes.find(({ name }) => name === pod.node);
    // What the model does not name (a store, a site) needs no hardware of its own.
    const wanted = workloads.find(({ name }) => name === pod.workload);
    if (!node) return [`${pod.name} is on no node: ${pod.unschedulable ?? pod.phase}`];
    return faults(wanted, node).map((fault) => `${pod.name} is on ${node.name}: ${fault}`);
  });
}

function faults(workload: Workload | undefined, { labels }: SimulatedNode): readonly string[] {
  const { on, purchase } = workload?.compute ?? { on: { pool: "general" }, purchase: "onDemand" };
  const label = (name: string): string => labels[`${LABEL_DOMAIN}/${name}`] ?? "";
  const gpu = "gpu" in on ? on.gpu : "";
  return [
    ...(label("gpu") === gpu ? [] : [`wants the GPU "${gpu}", the node's is "${label("gpu")}"`]),
    ...((label("purchase") === "spot") === (purchase === "spot") ? [] : [`is to be bought ${purchase}`]),
    ...(on.pool === "general" || label("pool") === on.pool ? [] : [`wants the pool ${on.pool}`]),
  ];
}

/** How many of the pods stand in each zone. */
export function zonesOf(pods: readonly SeenPod[], nodes: readonly SimulatedNode[]): Readonly<Record<string, number>> {
  const zones: Record<string, number> = {};
  for (const pod of pods) {
    const zone = nodes.find(({ name }) => name === pod.node)?.zone ?? "none";
    zones[zone] = (zones[zone] ?? 0) + 1;
  }
  return zones;
}

/**
 * Everything that runs for long, with how many pods it is to have: a workload as many as scaling may give it, what the
 * model does not name (a store, a site) what its manifest says.
 */
export function replicasOf(
  manifests: readonly AnyManifest[],
  { workloads }: Model,
  at: "desired" | "max",
): Readonly<Record<string, number>> {
  return Object.fromEntries(
    manifests.flatMap((manifest) => {
      if (manifest.kind !== "Deployment" && manifest.kind !== "StatefulSet") return [];
      const { name = "" } = manifest.metadata ?? {};
      const scaling = workloads.flatMap((each) => (each.name === name && each.kind !== "job" ? each.scaling : []))[0];
      return [[name, scaling && !("singleton" in scaling) ? scaling[at] : (manifest.spec?.replicas ?? 1)]];
    }),
  );
}
