/** How many tasks one EC2 instance holds. */
import type { MiB, Workload } from "../../platform/model/types.ts";
import type { InstanceType } from "../aws/instance-types.ts";

/** The rest is the kernel's and the agent's. @source ECS developer guide, "Reserving container instance memory" */
const USABLE = 0.9;

/** Memory that tasks may share on one instance. */
export function usableMemory({ memory }: InstanceType): MiB {
  return Math.floor(memory * 1024 * USABLE);
}

/**
 * How many replicas one instance holds: what runs out first of CPU, memory, GPUs and network interfaces. ENI trunking
 * would only raise the last, which is never the first here; and it is a setting of the account, not of a stack.
 */
export function replicasPerInstance({ compute }: Workload, instance: InstanceType): number {
  const { on, cpu, memory } = compute;
  return Math.min(
    Math.floor((instance.vcpu * 1024) / cpu),
    Math.floor(usableMemory(instance) / memory),
    on.pool === "gpu" ? Math.floor(instance.gpus / on.gpus) : Infinity,
    instance.interfaces - 1,
  );
}
