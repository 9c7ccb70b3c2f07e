/** The order in which a cluster's things are made: each phase begins when everything of the one before is there. */
import type { ClusterManifest } from "./forms.ts";

/**
 * `fences`: identities, ceilings and who may talk to whom, before anything talks. `prepare`: what the stores need inside
 * (topics). `before`: jobs that a rollout waits for.
 */
export const PHASES = ["namespaces", "fences", "stores", "prepare", "before", "workloads"] as const;
export type Phase = (typeof PHASES)[number];

const FENCES: readonly ClusterManifest["kind"][] = [
  "ConfigMap",
  "LimitRange",
  "NetworkPolicy",
  "ResourceQuota",
  "ServiceAccount",
];

export function phaseOf({ kind, metadata }: ClusterManifest, dataNamespace: string): Phase {
  if (kind === "Namespace" || kind === "PriorityClass") return "namespaces";
  if (FENCES.includes(kind)) return "fences";
  const ofStores = metadata?.namespace === dataNamespace;
  if (kind === "Job") return ofStores ? "prepare" : "before";
  return ofStores ? "stores" : "workloads";
}
