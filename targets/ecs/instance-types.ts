/**
 * Which machine a pool is made of, and what one holds. All are built on the Nitro system: enhanced networking (ENA) is
 * part of them and of the AL2023 images, so there is nothing to switch on.
 */
import type { GiB, Hardware, MiB, Workload } from "../../platform/model/types.ts";

export interface InstanceType {
  readonly name: string;
  readonly vcpu: number;
  readonly memory: GiB;
  readonly gpus: number;
  /** Network interfaces. The instance keeps one; each task takes another. */
  readonly interfaces: number;
}

const type = (name: string, vcpu: number, memory: GiB, interfaces: number, gpus = 0): InstanceType => ({
  name,
  vcpu,
  memory,
  gpus,
  interfaces,
});

/**
 * The first is what is bought on demand. Spot takes whichever of them has the most to spare, so each holds at least what
 * the first one does.
 * @source EC2 user guide, "Instance type specifications" and "Maximum IP addresses per network interface", 2026-11
 */
const TYPES = {
  a10g: [type("g5.xlarge", 4, 16, 4, 1), type("g5.2xlarge", 8, 32, 4, 1), type("g5.4xlarge", 16, 64, 8, 1)],
  a100: [type("p4d.24xlarge", 96, 1152, 60, 8), type("p4de.24xlarge", 96, 1152, 60, 8)],
  memory: [type("r7i.2xlarge", 8, 64, 4), type("r6i.2xlarge", 8, 64, 4)],
  iops: [type("i4i.2xlarge", 8, 64, 4), type("i3en.2xlarge", 8, 64, 4)],
  general: [type("m7i.xlarge", 4, 16, 4), type("m6i.xlarge", 4, 16, 4)],
} as const satisfies Record<string, readonly [InstanceType, ...InstanceType[]]>;

export function instanceTypes(on: Hardware): readonly [InstanceType, ...InstanceType[]] {
  return TYPES[on.pool === "gpu" ? on.gpu : on.pool];
}

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
