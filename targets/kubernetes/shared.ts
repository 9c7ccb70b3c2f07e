/** What the workloads of a namespace share: the namespace itself, its ceilings, default deny, priorities. */
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { KubernetesShared, Manifest } from "./forms.ts";
import { BATCH_PRIORITY, SERVING_PRIORITY } from "./names.ts";

export function shared(model: Model, settings: Settings): KubernetesShared {
  const { namespace } = settings;
  const common = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": model.project };
  return {
    manifests: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: {
          name: namespace,
          labels: {
            ...common,
            "pod-security.kubernetes.io/audit": "restricted",
            "pod-security.kubernetes.io/enforce": "restricted",
            "pod-security.kubernetes.io/warn": "restricted",
          },
        },
      },
      priority(
        `${model.project}-${SERVING_PRIORITY}`,
        100_000,
        "What answers users or keeps up with the topics.",
        common,
      ),
      priority(`${model.project}-${BATCH_PRIORITY}`, 1_000, "What may wait for room.", common),
      quota(namespace, settings, common),
      limitRange(namespace, common),
      {
        apiVersion: "networking.k8s.io/v1",
        kind: "NetworkPolicy",
        metadata: { name: "default-deny", namespace, labels: common },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
    ],
  };
}

function priority(name: string, value: number, description: string, labels: Record<string, string>): Manifest {
  return {
    apiVersion: "scheduling.k8s.io/v1",
    kind: "PriorityClass",
    metadata: { name, labels },
    value,
    globalDefault: false,
    preemptionPolicy: "PreemptLowerPriority",
    description,
  };
}

/** The stack's ceilings. No `limits.cpu`: it would refuse every pod that may burst. */
function quota(namespace: string, { limits }: Settings, labels: Record<string, string>): Manifest {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "stack-limits", namespace, labels },
    spec: {
      hard: {
        "limits.memory": `${limits.memoryGiB}Gi`,
        pods: String(limits.pods),
        "requests.cpu": String(limits.vcpu),
        "requests.memory": `${limits.memoryGiB}Gi`,
        "requests.nvidia.com/gpu": String(limits.gpus),
      },
    },
  };
}

/** For a pod that somebody starts by hand; ours say everything themselves. */
function limitRange(namespace: string, labels: Record<string, string>): Manifest {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "defaults", namespace, labels },
    spec: {
      limits: [
        {
          type: "Container",
          defaultRequest: { cpu: "100m", "ephemeral-storage": "1Gi", memory: "256Mi" },
          default: { "ephemeral-storage": "2Gi", memory: "256Mi" },
        },
      ],
    },
  };
}
