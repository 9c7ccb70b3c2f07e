/** What the workloads of a namespace share: the namespace itself, its ceilings, default deny, priorities. */
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest } from "./forms.ts";
import { BATCH_PRIORITY, SERVING_PRIORITY } from "./names.ts";

export function shared(model: Model, settings: Settings): { readonly manifests: readonly Manifest[] } {
  const common = commonLabels(model);
  return {
    manifests: [
      namespace(settings.namespace, model),
      priority(
        `${model.project}-${SERVING_PRIORITY}`,
        100_000,
        "What answers users or keeps up with the topics.",
        common,
      ),
      priority(`${model.project}-${BATCH_PRIORITY}`, 1_000, "What may wait for room.", common),
      quota(settings.namespace, model, stackLimits(settings)),
      limitRange(settings.namespace, model),
      defaultDeny(settings.namespace, model),
    ],
  };
}

function commonLabels(model: Model): Record<string, string> {
  return { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": model.project };
}

/** Where nothing runs that does not meet the Pod Security Standard *restricted*. */
export function namespace(name: string, model: Model): Manifest {
  return {
    apiVersion: "v1",
    kind: "Namespace",
    metadata: {
      name,
      labels: {
        ...commonLabels(model),
        "pod-security.kubernetes.io/audit": "restricted",
        "pod-security.kubernetes.io/enforce": "restricted",
        "pod-security.kubernetes.io/warn": "restricted",
      },
    },
  };
}

/** Nobody talks to anybody but where another policy says so. */
export function defaultDeny(namespace: string, model: Model): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: "default-deny", namespace, labels: commonLabels(model) },
    spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
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

/** What all pods of a namespace may ask for together. */
export interface Ceilings {
  readonly cpu: string;
  readonly memory: string;
  readonly pods: number;
  readonly gpus: number;
}

function stackLimits({ limits }: Settings): Ceilings {
  return { cpu: String(limits.vcpu), memory: `${limits.memoryGiB}Gi`, pods: limits.pods, gpus: limits.gpus };
}

/** No `limits.cpu`: it would refuse every pod that may burst. */
export function quota(namespace: string, model: Model, { cpu, memory, pods, gpus }: Ceilings): Manifest {
  return {
    apiVersion: "v1",
    kind: "ResourceQuota",
    metadata: { name: "stack-limits", namespace, labels: commonLabels(model) },
    spec: {
      hard: {
        "limits.memory": memory,
        pods: String(pods),
        "requests.cpu": cpu,
        "requests.memory": memory,
        "requests.nvidia.com/gpu": String(gpus),
      },
    },
  };
}

/** For a pod that somebody starts by hand; ours say everything themselves. */
export function limitRange(namespace: string, model: Model): Manifest {
  return {
    apiVersion: "v1",
    kind: "LimitRange",
    metadata: { name: "defaults", namespace, labels: commonLabels(model) },
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
