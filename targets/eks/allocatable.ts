/** What a node really offers its pods: its machine less the system's share, the kubelet's and the agents'. */
import type { MiB } from "../../platform/model/types.ts";
import type { InstanceType } from "../aws/instance-types.ts";
import type { Amounts } from "./packing.ts";
import { DAEMONS, GPU_DAEMONS } from "./system-pods.ts";

/**
 * Firmware and kernel keep some of the nominal memory, how much differs by type and image. This is the margin that
 * Karpenter counts with for a type that it has not seen yet; a real one keeps less.
 * @source Karpenter docs, "Settings", VM_MEMORY_OVERHEAD_PERCENT, 2026-11
 */
const HIDDEN_MEMORY = 0.075;

/** @source awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go, evictionHard `memory.available` */
const EVICTION_THRESHOLD: MiB = 100;

/** IPv4 addresses that an interface takes at a time with prefix delegation. @source VPC user guide, /28 prefixes */
export const PREFIX_SIZE = 16;

/** Pods with the node's own address: the CNI and kube-proxy. @source amazon-eks-ami, nodeadm/internal/kubelet */
const ON_THE_NODES_ADDRESS = 2;

/** @source EKS user guide, "Create a managed node group": 110 below 30 vCPU, 250 from there */
const MOST_PODS = { small: 110, large: 250, from: 30 } as const;

function interfacesOfFirstCard({ interfaces, networkCards }: InstanceType): number {
  return interfaces / networkCards;
}

/** Pods with prefix delegation; one interface is the trunk of those that have interfaces of their own. */
export function maxPods(instance: InstanceType): number {
  const prefixes = (interfacesOfFirstCard(instance) - 1) * (instance.addressesPerInterface - 1);
  const cap = instance.vcpu < MOST_PODS.from ? MOST_PODS.small : MOST_PODS.large;
  return Math.min(cap, prefixes * PREFIX_SIZE + ON_THE_NODES_ADDRESS);
}

/** What `nodeadm` counts with when it reserves memory, whatever the node's own maximum is told to be. */
function podsWithoutPrefixes(instance: InstanceType): number {
  return interfacesOfFirstCard(instance) * (instance.addressesPerInterface - 1) + ON_THE_NODES_ADDRESS;
}

/** @source awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go; the larger of the two counts, to be safe */
function reservedMemory(instance: InstanceType): MiB {
  return 255 + 11 * Math.max(maxPods(instance), podsWithoutPrefixes(instance));
}

/**
 * 6 % of the first CPU, 1 % of the second, 0.5 % of the next two, 0.25 % of the rest.
 * @source awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go
 */
function reservedMilliCpu({ vcpu }: InstanceType): number {
  const within = (from: number, to: number): number => Math.max(0, Math.min(vcpu, to) - from);
  return Math.ceil(60 * within(0, 1) + 10 * within(1, 2) + 5 * within(2, 4) + 2.5 * within(4, Infinity));
}

/** What is left for workloads and operators when every daemon runs. */
export function allocatable(instance: InstanceType): Amounts {
  const daemons = instance.gpus > 0 ? [...DAEMONS, ...GPU_DAEMONS] : DAEMONS;
  const visible = Math.floor(instance.memory * 1024 * (1 - HIDDEN_MEMORY));
  const taken = (of: "milliCpu" | "memory"): number => daemons.reduce((sum, daemon) => sum + daemon[of], 0);
  return {
    milliCpu: instance.vcpu * 1000 - reservedMilliCpu(instance) - taken("milliCpu"),
    memory: visible - reservedMemory(instance) - EVICTION_THRESHOLD - taken("memory"),
    gpus: instance.gpus,
    pods: maxPods(instance) - daemons.length,
    branchInterfaces: instance.branchInterfaces,
  };
}
