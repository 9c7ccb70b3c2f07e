/** EKS: the control plane, and node groups with what runs on them. */
import type { Model, Problem, Result } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { GENERAL } from "../eks/demand.ts";
import { plannedGroups, type NodeGroup, type PlannedGroup } from "../eks/node-groups.ts";
import { OPERATOR_PODS } from "../eks/system-pods.ts";
import { GPU_LABEL, POOL_LABEL, PURCHASE_LABEL } from "../kubernetes/names.ts";
import type { Demand } from "./demand.ts";
import { fleetParts, type Fleet, type Tenant } from "./fleets.ts";
import { allMonth, fixed, HOURS_PER_MONTH, levels, micros } from "./money.ts";
import { together, type Part } from "./parts.ts";
import type { PriceBook } from "./price-book.ts";

/** A part for each workload, those of the cluster itself, and one for what it runs for itself. */
export function eksParts(
  demands: readonly Demand[],
  model: Model,
  settings: Settings,
  book: PriceBook,
): Result<readonly Part[]> {
  const groups = plannedGroups(model, settings);
  const homeless = demands.filter((demand) => !groups.some(({ group }) => belongs(demand, group)));
  if (homeless.length > 0) {
    const known = groups.map(({ group }) => group.name);
    return { ok: false, problems: homeless.map((demand) => noGroup(demand, known)) };
  }
  const onNodes = groups.map((planned) => {
    const pods = demands.filter((demand) => belongs(demand, planned.group)).map(tenantOf);
    const operators = isGeneral(planned.group) ? OPERATORS : [];
    return fleetParts(fleetOf(planned), [...pods, ...operators], book);
  });
  return together([{ ok: true, value: clusterParts(book) }, ...onNodes]);
}

/** The key is that of the cluster's own secrets. */
function clusterParts({ prices }: PriceBook): readonly Part[] {
  const counted = { kind: "platform", estimated: false } as const;
  return [
    { ...counted, name: "control plane", monthly: fixed(allMonth(prices.eks.controlPlaneHour)) },
    { ...counted, name: "cluster key", monthly: fixed(micros(prices.secrets.keyMonth)) },
  ];
}

/** As a scheduler does: by the labels that a pod selects on, and the architecture of its image. */
function belongs({ pool, gpuModel, spot, architecture }: Demand, { labels, amiType }: NodeGroup): boolean {
  return (
    labels[POOL_LABEL] === pool &&
    (labels[GPU_LABEL] ?? null) === gpuModel &&
    (labels[PURCHASE_LABEL] === "spot") === spot &&
    (amiType === "AL2023_ARM_64_STANDARD") === (architecture === "arm64")
  );
}

/** Operators are meant to stand here. */
function isGeneral({ name }: NodeGroup): boolean {
  return name === GENERAL;
}

/** The first type of the group's; a spot group takes whichever has the most to spare. */
function fleetOf({ group, offered }: PlannedGroup): Fleet {
  const { name, instanceTypes, capacityType, rootVolume, min, max } = group;
  const [{ name: instanceType }] = instanceTypes;
  return { name, instanceType, spot: capacityType === "SPOT", rootVolume, offered, least: min, most: max };
}

function tenantOf({ name, vcpu, memory, gpus, replicas, hours }: Demand): Tenant {
  const need = { milliCpu: vcpu * 1000, memory, gpus, pods: 1, branchInterfaces: 1 };
  return { name, kind: "workload", need, replicas, hours };
}

const OPERATORS: readonly Tenant[] = OPERATOR_PODS.map(({ need, count }) => ({
  name: "cluster operators",
  kind: "platform",
  need,
  replicas: levels(() => count),
  hours: HOURS_PER_MONTH,
}));

function noGroup({ name, pool, gpuModel, spot, architecture }: Demand, known: readonly string[]): Problem {
  return {
    code: "no-node-group",
    path: `services.${name}.compute`,
    found: [pool, ...(gpuModel === null ? [] : [gpuModel]), ...(spot ? ["spot"] : []), architecture].join(", "),
    allowed: `a group that has such nodes; there are ${known.join(", ")}`,
  };
}
