/** Machines that a stack may come to have: groups at their most, and instances one by one. */
import type * as aws from "@pulumi/aws";
import { instances, launchTemplates } from "../compute/subjects.ts";
import { ofType, type Resource } from "../framework/given.ts";
import { comesFrom, type Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import type { Tell } from "./types.ts";
import { holds } from "./instance-types.ts";
import { larger, NOTHING, type Size } from "./size.ts";

export interface Machines {
  readonly name: string;
  readonly resource: Resource;
  /** The types that it may be made of. */
  readonly types: readonly string[];
  /** The largest of them. */
  readonly each: Size;
  /** Spare capacity alone, which AWS takes back. */
  readonly spot: boolean;
  /** Disks that each comes with, besides what its image has by itself. */
  readonly diskGiB: number;
  readonly desired: number;
  readonly most: number;
}

export const groups = ofType<aws.autoscaling.GroupArgs>("aws:autoscaling/group:Group");
export const nodeGroups = ofType<aws.eks.NodeGroupArgs>("aws:eks/nodeGroup:NodeGroup");

/** @source EKS API reference, CreateNodegroup, instanceTypes */
const NODE_GROUP_TYPE = "t3.medium";

export function machinesOf(graph: Graph, tell: Tell): readonly Machines[] {
  const ofGroups = graph.all(groups).flatMap(({ resource, view }) => {
    const types = known(() => groupTypes(resource, view(), graph), tell) ?? [];
    const size = known(
      () => ({ desired: view().desiredCapacity ?? view().minSize ?? 0, most: view().maxSize ?? 0 }),
      tell,
    );
    const spot = known(() => isSpotGroup(view()), tell) ?? false;
    const diskGiB = templateDisks(resource, graph, tell);
    return size ? [{ name: resource.name, resource, types, each: largest(types, tell), spot, diskGiB, ...size }] : [];
  });
  const ofNodeGroups = graph.all(nodeGroups).flatMap(({ resource, view }) => {
    const types = known(() => nodeTypes(resource, view(), graph), tell) ?? [];
    const size = known(() => {
      const { desiredSize = 0, maxSize = 0 } = view().scalingConfig ?? {};
      return { desired: desiredSize, most: maxSize };
    }, tell);
    const spot = known(() => view().capacityType === "SPOT", tell) ?? false;
    const diskGiB = templateDisks(resource, graph, tell);
    return size ? [{ name: resource.name, resource, types, each: largest(types, tell), spot, diskGiB, ...size }] : [];
  });
  const single = graph.all(instances).map(({ resource, view }) => {
    const type = known(() => view().instanceType, tell);
    const types = type === undefined ? [] : [type];
    return {
      name: resource.name,
      resource,
      types,
      each: largest(types, tell),
      spot: known(() => view().instanceMarketOptions?.marketType === "spot", tell) ?? false,
      diskGiB: known(() => instanceDisks(view()), tell) ?? 0,
      desired: 1,
      most: 1,
    };
  });
  return [...ofGroups, ...ofNodeGroups, ...single];
}

/** A mixed group's own list of types, or what its launch template names. */
function groupTypes(resource: Resource, props: ReturnType<(typeof groups)["view"]>, graph: Graph): readonly string[] {
  const overrides = props.mixedInstancesPolicy?.launchTemplate?.overrides ?? [];
  const named = overrides.flatMap(({ instanceType }) => instanceType ?? []);
  return named.length > 0 ? named : templateTypes(resource, graph);
}

/** @source EC2 Auto Scaling API, InstancesDistribution: all on demand unless it says otherwise */
function isSpotGroup({ mixedInstancesPolicy }: ReturnType<(typeof groups)["view"]>): boolean {
  const { onDemandBaseCapacity = 0, onDemandPercentageAboveBaseCapacity = 100 } =
    mixedInstancesPolicy?.instancesDistribution ?? {};
  return onDemandBaseCapacity === 0 && onDemandPercentageAboveBaseCapacity === 0;
}

function nodeTypes(
  resource: Resource,
  props: ReturnType<(typeof nodeGroups)["view"]>,
  graph: Graph,
): readonly string[] {
  if (props.instanceTypes && props.instanceTypes.length > 0) return props.instanceTypes;
  const ofTemplate = templateTypes(resource, graph);
  return ofTemplate.length > 0 ? ofTemplate : [NODE_GROUP_TYPE];
}

/** A group names its template plainly or inside of a policy. */
function templatesOf(resource: Resource, graph: Graph) {
  const properties = ["launchTemplate", "mixedInstancesPolicy"];
  const sources = properties.flatMap((property) => comesFrom(resource, property, launchTemplates));
  return graph.all(launchTemplates).filter((template) => sources.includes(template.resource));
}

function templateTypes(resource: Resource, graph: Graph): readonly string[] {
  return templatesOf(resource, graph).flatMap(({ view }) => view().instanceType ?? []);
}

function templateDisks(resource: Resource, graph: Graph, tell: Tell): number {
  const sizes = templatesOf(resource, graph).flatMap(
    ({ view }) => known(() => view().blockDeviceMappings?.map(({ ebs }) => ebs?.volumeSize ?? 0), tell) ?? [],
  );
  return sizes.reduce((total, size) => total + size, 0);
}

function instanceDisks({ rootBlockDevice, ebsBlockDevices = [] }: ReturnType<(typeof instances)["view"]>): number {
  const disks = [rootBlockDevice?.volumeSize, ...ebsBlockDevices.map(({ volumeSize }) => volumeSize)];
  return disks.reduce<number>((total, size = 0) => total + size, 0);
}

function largest(types: readonly string[], tell: Tell): Size {
  const sizes = types.flatMap((type) => {
    const size = holds(type);
    if (!size) tell(`what a ${type} holds`);
    return size ?? [];
  });
  return sizes.reduce(larger, NOTHING);
}
