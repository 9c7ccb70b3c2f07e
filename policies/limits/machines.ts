/** Limits of the machines under the workloads, and whether they hold what they are for. */
import { capacityProviders, instances } from "../compute/subjects.ts";
import { demandsOf } from "../demand/demands.ts";
import type { Demand } from "../demand/types.ts";
import { groups, machinesOf, nodeGroups, type Machines } from "../demand/machines.ts";
import { onProvider } from "../demand/placement.ts";
import { shown, sum, times, UNITS } from "../demand/size.ts";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import type { Finding } from "../framework/finding.ts";
import { stackRule } from "../framework/rule.ts";
import { above, ceilings } from "./ceilings.ts";

export const machinesWorstCase = stackRule({
  name: "limits-machines-worst-case",
  description:
    "All groups of machines at their most, and every single one, stay within the stack's limits for machines.",
  controls: ["Limits stack"],
  severity: "high",
  remedy: "Lower the groups' maximum or take smaller types, or raise the stack's limits for machines.",
  over: [groups, nodeGroups, instances],
  parameters: ceilings,
  *check(graph, allowed, tell) {
    const machines = machinesOf(graph, tell);
    const total = sum(machines.map(({ each, most }) => times(each, most)));
    const replicas = machines.reduce((all, { most }) => all + most, 0);
    yield* above("machines", { ...total, replicas }, allowed, undefined, () => {
      const parts = machines.filter(({ most }) => most > 0).map(({ name, most }) => `${most} × ${name}`);
      return ` (${parts.join(", ")})`;
    });
  },
});

export const machinesHold = stackRule({
  name: "limits-machines-hold",
  description: "Machines hold what runs on them at its most; a task or pod beyond that waits for ever.",
  controls: ["Limits ECS", "Limits Kubernetes"],
  severity: "medium",
  remedy: "Raise the group's maximum or take a larger type, or lower the services' maximum.",
  over: [capacityProviders, nodeGroups],
  *check(graph, _parameters, tell) {
    const machines = machinesOf(graph, tell);
    const demands = demandsOf(graph, tell);
    for (const { resource, view } of graph.all(capacityProviders)) {
      const [group] = comesFrom(resource, "autoScalingGroupProvider", groups);
      const pool = machines.filter((each) => each.resource === group);
      const provider = known(() => view().name, tell) ?? resource.name;
      yield* held(provider, onProvider(provider, graph, demands, tell), pool);
    }
    // Which pod goes to which group is the scheduler's to say: all groups of the cluster together.
    const pools = new Set(graph.all(nodeGroups).map(({ resource }) => resource));
    const pods = demands.filter(({ platform }) => platform === "kubernetes");
    yield* held(
      "nodes",
      pods,
      machines.filter(({ resource }) => pools.has(resource)),
    );
  },
});

/** Without machines there is nothing to hold: Fargate, or a cluster that somebody else keeps. */
function* held(at: string, demands: readonly Demand[], machines: readonly Machines[]): Iterable<Finding> {
  if (machines.length === 0) return;
  const asked = sum(demands.map(({ each, most }) => times(each, most)));
  const has = sum(machines.map(({ each, most }) => times(each, most)));
  const names = machines.map(({ name, most }) => `${most} × ${name}`).join(", ");
  for (const dimension of ["vcpu", "memoryGiB", "gpus"] as const) {
    if (asked[dimension] <= has[dimension]) continue;
    yield {
      at: `${at}.${dimension}`,
      found: `${shown(asked[dimension])} ${UNITS[dimension]} asked for at most`,
      allowed: `the ${shown(has[dimension])} of ${names}`,
      ...(machines.length === 1 ? { on: machines[0]?.resource } : {}),
    };
  }
}
