/** The nodes that a form runs on: a plain cluster's, written down here, and those that the EKS target plans. */
import { LABEL_DOMAIN } from "../../../platform/conventions.ts";
import type { Settings } from "../../../platform/settings.ts";
import { allocatable } from "../../../targets/eks/allocatable.ts";
import type { NodeGroup } from "../../../targets/eks/node-groups.ts";
import { leastOf } from "../../../targets/eks/packing.ts";
import type { SimulatedNode, Taint } from "./nodes.ts";

const POOL = `${LABEL_DOMAIN}/pool`;
const GPU = `${LABEL_DOMAIN}/gpu`;
const PURCHASE = `${LABEL_DOMAIN}/purchase`;
/** One for each pod that has a security group of its own. @source EKS user guide, "Security groups for pods" */
export const BRANCH_INTERFACE = "vpc.amazonaws.com/pod-eni";

const GPU_TAINT: Taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };
const SPOT_TAINT: Taint = { key: PURCHASE, value: "spot", effect: "NoSchedule" };

type Kind = "general" | "memory" | "iops" | "gpu" | "gpu-spot";

/** `count` nodes of a kind in turn over three zones; GPUs stand in one. What 16 CPU and 64 GiB leave, or 4 and 16. */
export function plainNodes(kind: Kind, count: number, { region, gpu }: Settings): readonly SimulatedNode[] {
  const hasGpu = kind === "gpu" || kind === "gpu-spot";
  const spot = kind === "gpu-spot";
  return Array.from({ length: count }, (_, index) => ({
    name: `${kind}-${index}`,
    zone: zoneOf(region, hasGpu ? 0 : index),
    labels: {
      ...(kind === "general" ? {} : { [POOL]: hasGpu ? "gpu" : kind }),
      ...(hasGpu ? { [GPU]: gpu } : {}),
      ...(spot ? { [PURCHASE]: "spot" } : {}),
    },
    taints: [...(hasGpu ? [GPU_TAINT] : []), ...(spot ? [SPOT_TAINT] : [])],
    allocatable: {
      cpu: hasGpu ? "3900m" : "15800m",
      memory: hasGpu ? "14Gi" : "60Gi",
      "ephemeral-storage": "200Gi",
      pods: "110",
      ...(hasGpu ? { "nvidia.com/gpu": "1" } : {}),
    },
  }));
}

/** A group at its largest, each node as small as the smallest machine that it may be made of. */
export function plannedNodes(group: NodeGroup, { region }: Settings): readonly SimulatedNode[] {
  const [first, ...others] = group.instanceTypes;
  const offered = leastOf([allocatable(first), ...others.map(allocatable)]);
  return Array.from({ length: group.max }, (_, index) => ({
    name: `${group.name}-${index}`,
    zone: zoneOf(region, group.together ? 0 : index),
    labels: group.labels,
    taints: group.taints.map(({ key, value }) => ({ key, value, effect: "NoSchedule" as const })),
    allocatable: {
      cpu: `${offered.milliCpu}m`,
      memory: `${offered.memory}Mi`,
      // The kubelet keeps a tenth of the disk free and reserves a GiB for itself.
      "ephemeral-storage": `${Math.floor(group.rootVolume * 0.9) - 1}Gi`,
      pods: String(Math.min(offered.pods, group.maxPods)),
      ...(offered.gpus > 0 ? { "nvidia.com/gpu": String(offered.gpus) } : {}),
      ...(offered.branchInterfaces > 0 ? { [BRANCH_INTERFACE]: String(offered.branchInterfaces) } : {}),
    },
  }));
}

function zoneOf(region: string, index: number): string {
  return `${region}${"abc".charAt(index % 3)}`;
}
