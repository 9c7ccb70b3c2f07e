/**
 * What runs in the cluster beside the workloads, and what it reserves: on every node, and once or twice on the general
 * ones. Add-ons reserve what they come with, charts what charts.ts tells them to.
 */
import type { MiB } from "../../platform/model/types.ts";
import { DEVICE_PLUGIN, PODS } from "./charts.ts";
import type { Batch } from "./packing.ts";

/** Requests of one pod, all its containers together. */
interface SystemPod {
  readonly name: string;
  readonly milliCpu: number;
  readonly memory: MiB;
}

/** Of each node. */
export const DAEMONS: readonly SystemPod[] = [
  /** The CNI and its network policy agent, 25m each. @source aws/amazon-vpc-cni-k8s, charts/aws-vpc-cni/values.yaml */
  { name: "aws-node", milliCpu: 50, memory: 0 },
  /** @source EKS add-on kube-proxy, its DaemonSet */
  { name: "kube-proxy", milliCpu: 100, memory: 0 },
  /** Driver, registrar and liveness probe, 10m and 40Mi each. @source aws-ebs-csi-driver, charts, values.yaml `node` */
  { name: "ebs-csi-node", milliCpu: 30, memory: 120 },
  /** @source aws/eks-pod-identity-agent, charts, values.yaml: no requests */
  { name: "eks-pod-identity-agent", milliCpu: 0, memory: 0 },
  /** @source aws-observability/helm-charts, amazon-cloudwatch-observability, values.yaml `agent` and `fluentBit` */
  { name: "cloudwatch-agent", milliCpu: 250, memory: 128 },
  { name: "fluent-bit", milliCpu: 50, memory: 25 },
];

/** Of each node that has GPUs, too. */
export const GPU_DAEMONS: readonly SystemPod[] = [
  { name: "nvidia-device-plugin", ...DEVICE_PLUGIN },
  /** @source aws-observability/helm-charts, amazon-cloudwatch-observability, values.yaml `dcgmExporter` */
  { name: "dcgm-exporter", milliCpu: 250, memory: 128 },
];

/** Of the cluster; they tolerate no taint of ours, so they stand on general nodes. */
const OPERATORS: readonly (SystemPod & { readonly replicas: number })[] = [
  /** @source EKS add-on coredns, its Deployment */
  { name: "coredns", replicas: 2, milliCpu: 100, memory: 70 },
  /** Six containers of 10m and 40Mi. @source aws-ebs-csi-driver, charts, values.yaml `controller` */
  { name: "ebs-csi-controller", replicas: 2, milliCpu: 60, memory: 240 },
  /** @source kubernetes-sigs/metrics-server, manifests/base/deployment.yaml; the EKS add-on runs two */
  { name: "metrics-server", replicas: 2, milliCpu: 100, memory: 200 },
  // The charts' pods reserve what we tell them to.
  ...Object.entries(PODS).map(([name, pod]) => ({ name, ...pod })),
  /** @source aws-observability/helm-charts, amazon-cloudwatch-observability, values.yaml `manager` */
  { name: "cloudwatch-operator", replicas: 1, milliCpu: 100, memory: 64 },
];

export const OPERATOR_PODS: readonly Batch[] = OPERATORS.map(({ replicas, milliCpu, memory }) => ({
  need: { milliCpu, memory, gpus: 0, pods: 1, branchInterfaces: 0 },
  count: replicas,
}));
