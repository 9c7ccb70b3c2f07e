/** EC2 capacity that the model asks for: one pool for each way in which hardware is bought. Pure. */
import type { GiB, Model, Problem, Workload } from "../../platform/model/types.ts";
import { pathOf } from "../../platform/model/paths.ts";
import type { Settings } from "../../platform/settings.ts";
import { instanceTypes, type InstanceType } from "../aws/instance-types.ts";
import { replicasPerInstance, usableMemory } from "./density.ts";
import { capacityProvider, isTogether } from "./names.ts";
import { onFargate } from "./sizing.ts";

export interface Pool {
  /** The capacity provider's, `cryptotracker-gpu-a10g-spot`. */
  readonly name: string;
  readonly image: "standard" | "gpu";
  readonly spot: boolean;
  /** In one zone, close to each other (cluster placement group): the fastest network between machines. */
  readonly together: boolean;
  /** The first, or on spot any of them. */
  readonly types: readonly [InstanceType, ...InstanceType[]];
  readonly mostInstances: number;
  readonly rootVolume: GiB;
}

/** One more than all replicas at their most need, so that a machine can be replaced. */
const SPARE = 1;
/** The image's own, containers' images and logs. */
const SYSTEM_GIB: GiB = 60;

/** Sorted by name; empty where everything runs on Fargate. */
export function pools(model: Model): readonly Pool[] {
  return [...membersOf(model)].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, members]) => pool(name, members));
}

function pool(name: string, members: readonly [Workload, ...Workload[]]): Pool {
  const [{ compute }] = members;
  const types = instanceTypes(compute.on);
  const spot = compute.purchase === "spot";
  const perInstance = (workload: Workload): number => Math.max(1, replicasPerInstance(workload, types[0]));
  const share = members.reduce((sum, workload) => sum + mostReplicas(workload) / perInstance(workload), 0);
  const disks = members.map((workload) => (workload.compute.on.ephemeral ?? 0) * perInstance(workload));
  return {
    name,
    image: compute.on.pool === "gpu" ? "gpu" : "standard",
    spot,
    together: !spot && members.some(isTogether),
    types,
    mostInstances: Math.ceil(share) + SPARE,
    rootVolume: SYSTEM_GIB + Math.max(...disks),
  };
}

function mostReplicas(workload: Workload): number {
  return workload.kind === "job" || "singleton" in workload.scaling ? 1 : workload.scaling.max;
}

function membersOf(model: Model): ReadonlyMap<string, readonly [Workload, ...Workload[]]> {
  const members = new Map<string, readonly [Workload, ...Workload[]]>();
  for (const workload of model.workloads) {
    if (onFargate(workload)) continue;
    const name = capacityProvider(model.prefix, workload);
    const known = members.get(name);
    members.set(name, known ? [...known, workload] : [workload]);
  }
  return members;
}

/**
 * What no instance of its pool could run, pools whose members do not agree on where they stand, and images that their
 * machines would start from but that the stack has not got.
 */
export function poolProblems(model: Model, settings: Settings): readonly Problem[] {
  const members = [...membersOf(model).values()];
  return [
    ...members.flatMap((each) => [...each.flatMap(tooLarge), ...disagreement(each)]),
    // Without EC2 there are no pools, which their workloads are told.
    ...(settings.ecs.ec2 ? missingImages(pools(model), settings) : []),
  ];
}

function missingImages(wanted: readonly Pool[], { machineImages, stack }: Settings): readonly Problem[] {
  return [...new Set(wanted.map(({ image }) => image))]
    .filter((image) => machineImages[image] === undefined)
    .map((image) => ({
      code: "machine-image-missing",
      path: `settings.machineImages.${image}`,
      found: "nothing",
      allowed: `an image id, ami-…: npm run machine-images -- --stack ${stack} writes the current one`,
    }));
}

function tooLarge(workload: Workload): readonly Problem[] {
  const [instance] = instanceTypes(workload.compute.on);
  if (replicasPerInstance(workload, instance) >= 1) return [];
  const { cpu, memory, on } = workload.compute;
  const gpus = on.pool === "gpu" ? `, ${on.gpus} GPUs` : "";
  return [
    {
      code: "instance-too-small",
      path: pathOf(workload, "compute"),
      found: `${cpu / 1024} vCPU, ${memory} MiB${gpus}`,
      allowed: `what a ${instance.name} holds: ${instance.vcpu} vCPU, ${usableMemory(instance)} MiB, ${instance.gpus} GPUs`,
    },
  ];
}

/** The group of machines would grow in a zone where the one that is bound to another can not run. */
function disagreement(members: readonly Workload[]): readonly Problem[] {
  const lasting = members.filter(({ kind }) => kind !== "job");
  const [odd] = lasting.filter((workload) => !isTogether(workload));
  if (!odd || !lasting.some(isTogether)) return [];
  const allowed = "together, as others of its pool are: a pool of machines is in one zone or in all";
  return [{ code: "pool-zones", path: pathOf(odd, "zones"), found: "spread", allowed }];
}
