/** The Pod Security Standard "restricted", what concerns the pod. @source kubernetes.io, "Pod Security Standards", 1.34 */
import { resourceRule } from "../framework/rule.ts";
import { inContainer, pods } from "./subjects.ts";

const NAMESPACES = ["hostNetwork", "hostPID", "hostIPC"] as const;
/** Volume types that reach nothing of the node. */
const VOLUMES: readonly string[] = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

export const podNamespaces = resourceRule({
  name: "kubernetes-host-namespaces",
  description: "A pod shares neither network nor processes nor memory with its node.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Leave hostNetwork, hostPID and hostIPC out.",
  on: pods,
  *check({ spec }) {
    for (const field of NAMESPACES) {
      if (spec[field]) yield { at: field, found: true, allowed: "false, or nothing" };
    }
  },
});

export const podVolumes = resourceRule({
  name: "kubernetes-volumes",
  description: "A pod mounts nothing of its node.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Use a claim, an emptyDir or a projected volume.",
  on: pods,
  *check({ spec }) {
    for (const { name = "?", ...source } of spec.volumes ?? []) {
      const [odd] = Object.keys(source).filter((type) => !VOLUMES.includes(type));
      if (odd !== undefined) yield { at: `volumes.${name}`, found: odd, allowed: VOLUMES.join(", ") };
    }
  },
});

export const podPorts = resourceRule({
  name: "kubernetes-host-ports",
  description: "No container takes a port of its node.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Leave hostPort out and put a Service before the pod.",
  on: pods,
  *check({ containers }) {
    for (const container of containers) {
      for (const { hostPort } of container.ports ?? []) {
        if (hostPort) yield { at: inContainer(container, "ports.hostPort"), found: hostPort, allowed: "nothing" };
      }
    }
  },
});

export const podToken = resourceRule({
  name: "kubernetes-api-token",
  description: "A pod gets a token for the cluster's API only where it says so.",
  controls: ["CIS 5.1.6"],
  severity: "medium",
  remedy: "Set automountServiceAccountToken to false, unless the workload calls the API.",
  on: pods,
  *check({ spec }) {
    const found = spec.automountServiceAccountToken;
    if (found !== false) yield { at: "automountServiceAccountToken", found, allowed: "false" };
  },
});
