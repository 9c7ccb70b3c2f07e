/**
 * Which machine a pool or a node group is made of. All are built on the Nitro system: enhanced networking (ENA) is part
 * of them and of the AL2023 images, so there is nothing to switch on.
 */
import type { Compute, GiB, Hardware } from "../../platform/model/types.ts";

export interface InstanceType {
  readonly name: string;
  readonly vcpu: number;
  readonly memory: GiB;
  readonly gpus: number;
  /** Network interfaces of all its cards. The instance keeps one; each ECS task takes another. */
  readonly interfaces: number;
  /** The VPC CNI uses the first card alone. */
  readonly networkCards: number;
  /** IPv4 addresses of one interface, its own primary one among them. */
  readonly addressesPerInterface: number;
  /** Interfaces that pods may have for themselves, behind one trunk; 0 where the type has no trunk. */
  readonly branchInterfaces: number;
  /** Elastic Fabric Adapter, past the kernel from machine to machine. */
  readonly efa: boolean;
}

type Network = Pick<InstanceType, "interfaces" | "networkCards" | "addressesPerInterface" | "efa">;
type Types = readonly [InstanceType, ...InstanceType[]];

/** What is bought unless a stack says otherwise, and what else it may say. */
interface Choice {
  readonly usual: Types;
  readonly others: readonly InstanceType[];
}

/** Up to 2xlarge, 4xlarge, and four cards with EFA. */
const SMALL: Network = { interfaces: 4, networkCards: 1, addressesPerInterface: 15, efa: false };
const MEDIUM: Network = { interfaces: 8, networkCards: 1, addressesPerInterface: 30, efa: false };
const FABRIC: Network = { interfaces: 60, networkCards: 4, addressesPerInterface: 50, efa: true };

function type(
  name: string,
  vcpu: number,
  memory: GiB,
  network: Network,
  branchInterfaces: number,
  gpus = 0,
): InstanceType {
  return { name, vcpu, memory, gpus, ...network, branchInterfaces };
}

/**
 * The first is what is bought on demand. Spot takes whichever of them has the most to spare, so each holds at least what
 * the first one does.
 * @source EC2 user guide, "Instance type specifications" and "Maximum IP addresses per network interface", 2026-11;
 *   branch interfaces: amazon-vpc-resource-controller-k8s, pkg/aws/vpc/limits.go of 2026-03-20
 */
const X86 = {
  a10g: {
    usual: [
      type("g5.xlarge", 4, 16, SMALL, 4, 1),
      type("g5.2xlarge", 8, 32, SMALL, 17, 1),
      type("g5.4xlarge", 16, 64, MEDIUM, 34, 1),
    ],
    others: [],
  },
  a100: {
    usual: [type("p4d.24xlarge", 96, 1152, FABRIC, 62, 8), type("p4de.24xlarge", 96, 1152, FABRIC, 62, 8)],
    others: [],
  },
  memory: {
    usual: [type("r7i.2xlarge", 8, 64, SMALL, 38), type("r6i.2xlarge", 8, 64, SMALL, 38)],
    others: [type("r7i.4xlarge", 16, 128, MEDIUM, 54)],
  },
  iops: {
    usual: [type("i4i.2xlarge", 8, 64, SMALL, 26), type("i3en.2xlarge", 8, 64, SMALL, 28)],
    others: [type("i4i.4xlarge", 16, 128, MEDIUM, 52)],
  },
  // The smallest that holds four whole CPUs beside what the system and the agents take of it.
  general: {
    usual: [type("m7i.2xlarge", 8, 32, SMALL, 38), type("m6i.2xlarge", 8, 32, SMALL, 38)],
    others: [
      type("m7i.xlarge", 4, 16, SMALL, 18),
      type("m6i.xlarge", 4, 16, SMALL, 18),
      type("m7i.4xlarge", 16, 64, MEDIUM, 54),
      type("m6i.4xlarge", 16, 64, MEDIUM, 54),
      type("m7i.8xlarge", 32, 128, MEDIUM, 84),
      type("m6i.8xlarge", 32, 128, MEDIUM, 84),
      type("t3.2xlarge", 8, 32, SMALL, 0),
    ],
  },
} as const satisfies Record<string, Choice>;

type Kind = keyof typeof X86;

/** Graviton. Neither the GPUs that the model knows nor what we buy for disks exist with it. */
const ARM: Partial<Record<Kind, Choice>> = {
  memory: { usual: [type("r7g.2xlarge", 8, 64, SMALL, 38), type("r6g.2xlarge", 8, 64, SMALL, 38)], others: [] },
  general: {
    usual: [type("m7g.2xlarge", 8, 32, SMALL, 38), type("m6g.2xlarge", 8, 32, SMALL, 38)],
    others: [type("m7g.xlarge", 4, 16, SMALL, 18), type("m7g.4xlarge", 16, 64, MEDIUM, 54)],
  },
};

function kindOf(on: Hardware): Kind {
  return on.pool === "gpu" ? on.gpu : on.pool;
}

/** What hardware is bought as, x86. */
export function instanceTypes(on: Hardware): Types {
  return X86[kindOf(on)].usual;
}

/** What a workload's hardware may be bought as, the usual types first; undefined where there are no such machines. */
export function choiceOf({ on, architecture }: Pick<Compute, "on" | "architecture">): Choice | undefined {
  return architecture === "arm64" ? ARM[kindOf(on)] : X86[kindOf(on)];
}
