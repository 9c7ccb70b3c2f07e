/**
 * Whether the private subnets have addresses for the cluster at its largest, beside the other side at its largest: both
 * run at once during a migration.
 */
import type { Model, Problem, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { PREFIX_SIZE } from "./allocatable.ts";
import { isTogether, replicas } from "./demand.ts";
import { plannedGroups, type NodeGroup } from "./node-groups.ts";

const ZONES = 3;
/** When a zone fails, the other two take what stood in it. */
const SURVIVING_ZONES = ZONES - 1;

/** The first four and the last. @source VPC user guide, "Subnet CIDR blocks", 2026-11 */
const KEPT_BY_AWS = 5;
/** @source EKS user guide, "VPC and subnet considerations": at least 6, rather 16, for the control plane's interfaces */
const CONTROL_PLANE = 16;
/** Of the foundation: seven endpoints, and room for its functions, its gateway's link and stores of its own. */
const FOUNDATION = 32;

/** Nodes that an update adds, for each zone. @source EKS user guide, "Managed node update behavior", scale up phase */
const UPDATE_SURGE = 2;
/** Prefixes that the CNI keeps ready. @source amazon-vpc-cni-k8s, WARM_PREFIX_TARGET's default */
const WARM_PREFIXES = 1;

/** What one node can come to hold: its prefixes, its pods' branch interfaces, and each interface's own address. */
export function addressesOfNode({ instanceTypes, maxPods, efa }: NodeGroup): number {
  return Math.max(
    ...instanceTypes.map(({ addressesPerInterface, branchInterfaces, networkCards }) => {
      const prefixes = Math.ceil(maxPods / PREFIX_SIZE) + WARM_PREFIXES;
      const interfaces = Math.ceil(prefixes / (addressesPerInterface - 1));
      const trunk = branchInterfaces > 0 ? 1 : 0;
      const fabric = efa ? networkCards - 1 : 0;
      return prefixes * PREFIX_SIZE + branchInterfaces + interfaces + trunk + fabric;
    }),
  );
}

/** Of a group's nodes in one subnet, while they are replaced and one zone is down. */
function nodesInSubnet({ max, together }: NodeGroup): number {
  return together ? max + UPDATE_SURGE : Math.ceil((max + UPDATE_SURGE * ZONES) / SURVIVING_ZONES);
}

/** Tasks of the other side: one address each in the middle of a rollout, and one for the instance of who needs hardware. */
function tasksOf(workload: Workload): number {
  const most = replicas(workload, "max");
  const share = workload.kind !== "job" && workload.rollout.strategy === "surge" ? workload.rollout.max / 100 : 1;
  return Math.ceil(most * share) + (workload.compute.on.pool === "general" ? 0 : most);
}

interface Demand {
  readonly nodes: number;
  readonly tasks: number;
}

/** What stands together stands in the first subnet. */
function demandIn(subnet: number, model: Model, groups: readonly NodeGroup[]): Demand {
  const isHere = (together: boolean): boolean => !together || subnet === 0;
  return {
    nodes: groups
      .filter(({ together }) => isHere(together))
      .reduce((sum, group) => sum + nodesInSubnet(group) * addressesOfNode(group), 0),
    tasks: model.workloads
      .filter((workload) => isHere(isTogether(workload)))
      .reduce((sum, each) => sum + tasksOf(each) / (isTogether(each) ? 1 : SURVIVING_ZONES), 0),
  };
}

export function addressProblems(model: Model, settings: Settings): readonly Problem[] {
  const groups = plannedGroups(model, settings).map(({ group }) => group);
  // Without a finite maximum a pod fits nowhere, which is said elsewhere.
  if (!groups.every(({ max }) => Number.isFinite(max))) return [];
  return settings.network.private.flatMap((cidr, subnet) => {
    const { nodes, tasks } = demandIn(subnet, model, groups);
    const others = Math.ceil(tasks) + CONTROL_PLANE + FOUNDATION;
    const offered = Math.floor(2 ** (32 - Number(cidr.split("/")[1]))) - KEPT_BY_AWS;
    if (nodes + others <= offered) return [];
    return [
      {
        code: "subnet-addresses",
        path: `settings.network.private.${subnet}`,
        found: `${cidr}: ${Math.max(0, offered)} addresses`,
        allowed:
          `a range with ${nodes + others}: ${nodes} for nodes and their pods, ${Math.ceil(tasks)} for the ECS side ` +
          `that runs beside them during a migration, ${CONTROL_PLANE + FOUNDATION} for the control plane and the foundation`,
      },
    ];
  });
}
