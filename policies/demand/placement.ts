/** Which machines a workload comes to stand on: an ECS service names a capacity provider, a pod selects labels. */
import { capacityProviders, eventTargets, services } from "../compute/subjects.ts";
import { comesFrom, type Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { pods, type PodSpec } from "../kubernetes/subjects.ts";
import { groups, nodeGroups, type Machines } from "./machines.ts";
import type { Demand, Tell } from "./types.ts";

/** Names of capacity providers by what names them: a service, or a schedule. */
export function providersOf(graph: Graph, tell: Tell): ReadonlyMap<Demand["resource"], readonly string[]> {
  const named = [
    ...graph.all(services).map(({ resource, view }) => ({ resource, read: () => view().capacityProviderStrategies })),
    ...graph
      .all(eventTargets)
      .map(({ resource, view }) => ({ resource, read: () => view().ecsTarget?.capacityProviderStrategies })),
  ];
  return new Map(
    named.map(({ resource, read }) => [
      resource,
      known(() => (read() ?? []).flatMap(({ capacityProvider }) => capacityProvider ?? []), tell) ?? [],
    ]),
  );
}

export function onProvider(provider: string, graph: Graph, demands: readonly Demand[], tell: Tell): readonly Demand[] {
  const providers = providersOf(graph, tell);
  return demands.filter(({ resource }) => providers.get(resource)?.includes(provider));
}

/** What may stand on these machines, and on no group before it. */
export function placements(
  machines: readonly Machines[],
  graph: Graph,
  demands: readonly Demand[],
  tell: Tell,
): ReadonlyMap<Machines, readonly Demand[]> {
  const placed = new Map<Machines, readonly Demand[]>();
  for (const { resource, view } of graph.all(capacityProviders)) {
    const [group] = comesFrom(resource, "autoScalingGroupProvider", groups);
    const pool = machines.find((each) => each.resource === group);
    const provider = known(() => view().name, tell) ?? resource.name;
    if (pool) placed.set(pool, onProvider(provider, graph, demands, tell));
  }
  const specs = new Map(graph.all(pods).map(({ resource, view }) => [resource, known(() => view().spec, tell)]));
  const taken = new Set<Demand>();
  for (const { resource, view } of graph.all(nodeGroups)) {
    const pool = machines.find((each) => each.resource === resource);
    const takes = (demand: Demand): boolean => {
      const spec = specs.get(demand.resource);
      return spec !== undefined && (known(() => accepts(view(), spec), tell) ?? false);
    };
    const guests = demands.filter((demand) => !taken.has(demand) && takes(demand));
    for (const guest of guests) taken.add(guest);
    if (pool) placed.set(pool, guests);
  }
  return placed;
}

/** Labels that a kubelet or a cloud controller sets, whatever a group says. @source kubernetes.io, "Well-Known Labels" */
const OF_THE_NODE = /^([a-z-]+\.)?(kubernetes\.io|k8s\.io)\//;

/** As the scheduler does: every label that is selected, and no taint that is not tolerated. */
function accepts({ labels = {}, taints = [] }: ReturnType<(typeof nodeGroups)["view"]>, spec: PodSpec): boolean {
  const selected = Object.entries(spec.nodeSelector ?? {}).filter(([name]) => !OF_THE_NODE.test(name));
  const tolerated = (key: string | undefined, value: string | undefined): boolean =>
    (spec.tolerations ?? []).some(
      (each) => (each.key === undefined || each.key === key) && (each.operator === "Exists" || each.value === value),
    );
  return (
    selected.every(([name, value]) => labels[name] === value) &&
    taints.every(({ effect, key, value }) => effect === "PREFER_NO_SCHEDULE" || tolerated(key, value))
  );
}
