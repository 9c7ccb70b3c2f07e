/** What Kubernetes cannot say and AWS does not make up for: of a plain cluster's losses those that remain. */
import { losses as kubernetesLosses } from "../kubernetes/losses.ts";
import type { Loss } from "../target.ts";

/**
 * Gone with AWS' bindings: `backlog-needs-keda`, `no-cloud-identity`, `logs-by-agent`, and all that comes of a cluster's
 * own servers. A NetworkPolicy cannot name S3 here either, but the pod's security group has its prefix list.
 */
const REMAIN: readonly string[] = [
  "restarted-in-place",
  "starts-at-one",
  "surge-is-absolute",
  "never-rolls-back",
  "eviction-takes-one",
];

export const losses: readonly Loss[] = kubernetesLosses.filter(({ code }) => REMAIN.includes(code));
