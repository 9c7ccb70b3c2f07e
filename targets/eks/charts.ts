/**
 * The operators that come as Helm charts: where from, which version, what their pods reserve. Versions are pinned here
 * and nowhere else; what a chart is told stands in chart-values.ts.
 */
import type { MiB } from "../../platform/model/types.ts";

/** Pods of one kind, and what the node groups' sizes count them with. */
export interface ChartPod {
  readonly replicas: number;
  readonly milliCpu: number;
  readonly memory: MiB;
  readonly memoryLimit: MiB;
}

export interface Chart {
  /** Of the chart, its release and its namespace. */
  readonly name: ChartName;
  readonly repository: string;
  readonly version: string;
  /** What its namespace admits. @source Kubernetes docs, "Pod Security Standards" */
  readonly podSecurity: "restricted" | "privileged";
  /** Of every node with a GPU instead of on general ones. */
  readonly onGpuNodes?: true;
}

/**
 * What each reserves, and a memory limit well above what it takes. CPU has no cap of ours, for a webhook that is throttled
 * holds up everybody. Two where others wait for an answer (webhooks, the metrics API) or where an event must not be
 * missed (secrets, rotation); the autoscaler may come a minute late.
 */
export const PODS = {
  "aws-load-balancer-controller": { replicas: 2, milliCpu: 100, memory: 128, memoryLimit: 512 },
  "cluster-autoscaler": { replicas: 1, milliCpu: 100, memory: 300, memoryLimit: 600 },
  "external-secrets": { replicas: 2, milliCpu: 25, memory: 64, memoryLimit: 256 },
  "external-secrets-cert-controller": { replicas: 1, milliCpu: 25, memory: 64, memoryLimit: 256 },
  "external-secrets-webhook": { replicas: 2, milliCpu: 25, memory: 64, memoryLimit: 256 },
  "keda-admission-webhooks": { replicas: 2, milliCpu: 50, memory: 64, memoryLimit: 256 },
  "keda-operator": { replicas: 2, milliCpu: 100, memory: 128, memoryLimit: 1024 },
  "keda-operator-metrics-apiserver": { replicas: 2, milliCpu: 50, memory: 64, memoryLimit: 512 },
  reloader: { replicas: 2, milliCpu: 25, memory: 128, memoryLimit: 512 },
} as const satisfies Readonly<Record<string, ChartPod>>;

/** Of each node with a GPU. */
export const DEVICE_PLUGIN = { milliCpu: 25, memory: 64, memoryLimit: 256 } as const;

/** Each read in its own repository at the version's tag, 2026-11. Sorted by name. */
const CHARTS = [
  /** @source kubernetes-sigs/aws-load-balancer-controller, helm/, v3.5.0 */
  {
    name: "aws-load-balancer-controller",
    repository: "https://aws.github.io/eks-charts",
    version: "3.5.0",
    podSecurity: "restricted",
  },
  /** @source kubernetes/autoscaler, cluster-autoscaler/charts/, cluster-autoscaler-chart-9.59.0 */
  {
    name: "cluster-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    version: "9.59.0",
    podSecurity: "restricted",
  },
  /** @source external-secrets/external-secrets, deploy/charts/, helm-chart-2.9.0 */
  {
    name: "external-secrets",
    repository: "https://charts.external-secrets.io",
    version: "2.9.0",
    podSecurity: "restricted",
  },
  /** @source kedacore/charts, keda/, v2.20.2 */
  { name: "keda", repository: "https://kedacore.github.io/charts", version: "2.20.2", podSecurity: "restricted" },
  /** Reads the driver's devices off the host. @source NVIDIA/k8s-device-plugin, deployments/helm/, v0.20.0 */
  {
    name: "nvidia-device-plugin",
    repository: "https://nvidia.github.io/k8s-device-plugin",
    version: "0.20.0",
    podSecurity: "privileged",
    onGpuNodes: true,
  },
  /** @source stakater/Reloader, deployments/kubernetes/chart/, chart-v2.2.16 */
  {
    name: "reloader",
    repository: "https://stakater.github.io/stakater-charts",
    version: "2.2.16",
    podSecurity: "restricted",
  },
] as const;

export type ChartName = (typeof CHARTS)[number]["name"];

/** The device plugin only where there are GPUs. */
export function charts(hasGpus: boolean): readonly Chart[] {
  return CHARTS.filter((chart) => hasGpus || !("onGpuNodes" in chart));
}

/**
 * The autoscaler simulates the scheduler, so it is of the cluster's own minor version.
 * @source kubernetes/autoscaler, cluster-autoscaler/README.md, "Releases"; its tags, read 2026-11
 */
export const AUTOSCALER_IMAGES: Readonly<Record<string, string>> = {
  "1.36": "v1.36.1",
  "1.35": "v1.35.2",
  "1.34": "v1.34.5",
};
