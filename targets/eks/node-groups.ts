/**
 * The node groups that a stack's model needs, sized from its workloads. Pure. Stores of our own (`stores: selfHosted`)
 * need none: they are instances of the foundation, which both sides of a migration use; a memory or an iops group is there
 * when a workload asks for it.
 */
import type { Compute, GiB, Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { choiceOf, type InstanceType } from "../aws/instance-types.ts";
import { GPU_LABEL, POOL_LABEL, PURCHASE_LABEL } from "../kubernetes/names.ts";
import { allocatable, maxPods } from "./allocatable.ts";
import { batchesOf, GENERAL, isTogether, membersOf, needOf, type At } from "./demand.ts";
import { countOn, leastOf, nodesInAnyOrder, nodesPacked, type Amounts, type Batch } from "./packing.ts";
import { OPERATOR_PODS } from "./system-pods.ts";

type InstanceTypes = readonly [InstanceType, ...InstanceType[]];

export interface NodeGroup {
  /** `general`, `general-arm64`, `gpu-a10g-spot`: what is bought alike is one group. */
  readonly name: string;
  readonly amiType: "AL2023_x86_64_STANDARD" | "AL2023_ARM_64_STANDARD" | "AL2023_x86_64_NVIDIA";
  readonly capacityType: "ON_DEMAND" | "SPOT";
  /** In the order of preference on demand; on spot any of them. */
  readonly instanceTypes: InstanceTypes;
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  readonly rootVolume: GiB;
  readonly maxPods: number;
  /** What the pods select on. */
  readonly labels: Readonly<Record<string, string>>;
  /** What only the pods that belong here tolerate. */
  readonly taints: readonly { readonly key: string; readonly value: string; readonly effect: "NO_SCHEDULE" }[];
  /** In one zone, close to each other (cluster placement group): the fastest network between machines. */
  readonly together: boolean;
  /** Its machines talk by Elastic Fabric Adapter. */
  readonly efa: boolean;
}

/** A group with what its figures come from, for those who judge it. */
export interface PlannedGroup {
  readonly group: NodeGroup;
  readonly members: readonly Workload[];
  /** What each of its nodes has for pods at least, whichever type it is. */
  readonly offered: Amounts;
  /** Everything that may have to stand on it at once. */
  readonly most: readonly Batch[];
}

/** Fewer would leave nobody who answers DNS while one node is replaced, or while a zone is down. */
export const FEWEST_GENERAL = { dev: 2, prod: 3 } as const;
/** One more than everything at its most needs: a rollout's first new pod and a replaced machine find room. */
const SPARE = 1;
/** The image's own, containers' images and logs. */
const SYSTEM_GIB: GiB = 60;
/** @source awslabs/amazon-eks-ami, nodeadm/internal/kubelet/config.go: kubeReserved, evictionHard `nodefs.available` */
const DISK = { reserved: 1, usable: 0.9 } as const;

/** Sorted by name. */
export function nodeGroups(model: Model, settings: Settings): readonly NodeGroup[] {
  return plannedGroups(model, settings).map(({ group }) => group);
}

/** Of each group that machines exist for. */
export function plannedGroups(model: Model, settings: Settings): readonly PlannedGroup[] {
  return [...membersOf(model)].flatMap(([name, members]) => {
    const bought = { ...(members[0]?.compute ?? ANY_GENERAL), together: standTogether(members) };
    const types = typesOf(bought, settings.eks.nodes[name]?.instanceTypes ?? []);
    return types ? [planned(name, bought, members, types, settings)] : [];
  });
}

const ANY_GENERAL = { on: { pool: "general" }, purchase: "onDemand", architecture: "x86_64" } as const;
type Bought = Pick<Compute, "on" | "purchase" | "architecture"> & { readonly together: boolean };

/** What the stack chooses, as far as it exists, or the usual: of a placement group's machines one type, as AWS advises. */
function typesOf(bought: Bought, chosen: readonly string[]): InstanceTypes | undefined {
  const choice = choiceOf(bought);
  if (!choice) return undefined;
  const known = [...choice.usual, ...choice.others];
  const [first, ...others] = chosen.flatMap((name) => known.filter((each) => each.name === name));
  if (first) return [first, ...others];
  return bought.together ? [choice.usual[0]] : choice.usual;
}

function planned(
  name: string,
  bought: Bought,
  members: readonly Workload[],
  types: InstanceTypes,
  settings: Settings,
): PlannedGroup {
  const [first, ...others] = types;
  const offered = leastOf([allocatable(first), ...others.map(allocatable)]);
  const taints = taintsOf(bought);
  // Operators tolerate no taint. They are counted where they are meant to stand, and may stand wherever none keeps them out.
  const batches = (at: At): readonly Batch[] => [
    ...batchesOf(members, at),
    ...(name === GENERAL || (at === "max" && taints.length === 0) ? OPERATOR_PODS : []),
  ];
  const given = settings.eks.nodes[name];
  const least = name === GENERAL ? FEWEST_GENERAL[settings.profile] : nodesPacked(batches("min"), offered);
  const min = given?.min ?? Math.min(least, given?.max ?? Infinity);
  const max = given?.max ?? Math.max(min, nodesInAnyOrder(batches("max"), offered) + SPARE);
  const group: NodeGroup = {
    name,
    amiType: amiType(bought),
    capacityType: bought.purchase === "spot" ? "SPOT" : "ON_DEMAND",
    instanceTypes: types,
    min,
    desired: Math.min(max, Math.max(min, nodesPacked(batches("desired"), offered))),
    max,
    rootVolume: rootVolume(members, types),
    maxPods: Math.min(...types.map(maxPods)),
    labels: labelsOf(bought),
    taints,
    together: bought.together,
    efa: bought.together && types.every(({ efa }) => efa),
  };
  return { group, members, offered, most: batches("max") };
}

/** The general group stays in all zones, whoever stands in it; spot takes what it gets. */
function standTogether(members: readonly Workload[]): boolean {
  return members.some(
    (each) => isTogether(each) && each.compute.on.pool !== "general" && each.compute.purchase === "onDemand",
  );
}

function amiType({ on, architecture }: Bought): NodeGroup["amiType"] {
  if (on.pool === "gpu") return "AL2023_x86_64_NVIDIA";
  return architecture === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";
}

function labelsOf({ on, purchase }: Bought): Record<string, string> {
  return {
    [POOL_LABEL]: on.pool,
    ...(on.pool === "gpu" ? { [GPU_LABEL]: on.gpu } : {}),
    ...(purchase === "spot" ? { [PURCHASE_LABEL]: "spot" } : {}),
  };
}

function taintsOf({ on, purchase }: Bought): NodeGroup["taints"] {
  return [
    ...(on.pool === "gpu" ? ([{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }] as const) : []),
    ...(purchase === "spot" ? ([{ key: PURCHASE_LABEL, value: "spot", effect: "NO_SCHEDULE" }] as const) : []),
  ];
}

/** Who asks for no disk reserves one GiB (resources.ts of the Kubernetes form). */
const SCRATCH_GIB: GiB = 1;

/** So that disk never runs out first: the smallest pod's count on the largest node, each with the most that one reserves. */
function rootVolume(members: readonly Workload[], types: InstanceTypes): GiB {
  const [first, ...others] = members.map(needOf);
  const pods = first ? Math.max(...types.map((each) => countOn(allocatable(each), leastOf([first, ...others])))) : 0;
  const largest = Math.max(0, ...members.map(({ compute }) => compute.on.ephemeral ?? SCRATCH_GIB));
  return Math.ceil((SYSTEM_GIB + pods * largest + DISK.reserved) / DISK.usable);
}
