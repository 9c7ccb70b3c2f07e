/** What the node groups of a stack could not hold, each refusal with what is needed and what there is. */
import { pathOf } from "../../platform/model/paths.ts";
import type { Model, Problem, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { choiceOf, type InstanceType } from "../aws/instance-types.ts";
import { allocatable } from "./allocatable.ts";
import { GENERAL, isTogether, membersOf, needOf } from "./demand.ts";
import { FEWEST_GENERAL, plannedGroups, type PlannedGroup } from "./node-groups.ts";
import { nodesPacked, shortOf, type Amounts } from "./packing.ts";

export function capacityProblems(model: Model, settings: Settings): readonly Problem[] {
  return [
    ...unknownGroups(model, settings),
    ...[...membersOf(model)].flatMap(([name, members]) => machines(name, members, settings)),
    ...plannedGroups(model, settings).flatMap((each) => [
      ...tooSmall(each, settings),
      ...counts(each, settings),
      ...disagreement(each),
    ]),
  ];
}

const pathTo = (group: string, ...rest: readonly string[]): string => ["settings.eks.nodes", group, ...rest].join(".");

function unknownGroups(model: Model, { eks }: Settings): readonly Problem[] {
  const known = [...membersOf(model).keys()];
  return Object.keys(eks.nodes)
    .filter((name) => !known.includes(name))
    .map((name) => ({
      code: "unknown-node-group",
      path: pathTo(name),
      found: JSON.stringify(name),
      allowed: `one of ${known.join(", ")}`,
    }));
}

/** Hardware that nobody sells, and types that are not of the group's hardware. */
function machines(group: string, members: readonly Workload[], { eks }: Settings): readonly Problem[] {
  const compute = members[0]?.compute ?? ({ on: { pool: "general" }, architecture: "x86_64" } as const);
  const choice = choiceOf(compute);
  if (!choice) {
    return members.map((workload) => ({
      code: "node-group-architecture",
      path: pathOf(workload, "compute", "architecture"),
      found: workload.compute.architecture,
      allowed: `x86_64: the ${group} group's machines are not sold with another`,
    }));
  }
  const names = [...choice.usual, ...choice.others].map(({ name }) => name);
  return (eks.nodes[group]?.instanceTypes ?? []).flatMap((name, index) =>
    names.includes(name)
      ? []
      : [
          {
            code: "node-group-instance-type",
            path: pathTo(group, "instanceTypes", String(index)),
            found: JSON.stringify(name),
            allowed: `one of ${names.join(", ")}`,
          },
        ],
  );
}

/** Pods that an empty node of a type could not hold; who says which types has to change that, or else the workload. */
function tooSmall({ group, members }: PlannedGroup, { eks }: Settings): readonly Problem[] {
  const chosen = eks.nodes[group.name]?.instanceTypes !== undefined;
  return group.instanceTypes.flatMap((instance) =>
    members.flatMap((workload) => {
      const [need, offered] = [needOf(workload), allocatable(instance)];
      const short = shortOf(need, offered);
      if (short.length === 0) return [];
      const path = chosen ? pathTo(group.name, "instanceTypes") : pathOf(workload, "compute");
      if (short.includes("branchInterfaces")) return [withoutTrunk(instance, workload, path)];
      return [
        {
          code: "node-too-small",
          path,
          found: `${workload.name}: ${shown(need)}`,
          allowed: `what a ${instance.name} offers beside the system and the agents: ${shown(offered)}`,
        },
      ];
    }),
  );
}

function withoutTrunk(instance: InstanceType, workload: Workload, path: string): Problem {
  return {
    code: "branch-interfaces",
    path,
    found: `${workload.name} on a ${instance.name}, which has ${instance.branchInterfaces} branch interfaces`,
    allowed: "a type with branch interfaces: each pod needs one for its security group",
  };
}

function shown({ milliCpu, memory, gpus }: Amounts): string {
  return `${milliCpu}m CPU, ${memory} MiB${gpus > 0 ? `, ${gpus} GPUs` : ""}`;
}

function counts(planned: PlannedGroup, { eks, profile }: Settings): readonly Problem[] {
  const { name, min, max } = planned.group;
  const problems: Problem[] = [];
  const fewest = FEWEST_GENERAL[profile];
  if (name === GENERAL && min < fewest) {
    problems.push({
      code: "node-group-min",
      path: pathTo(name, eks.nodes[name]?.min === undefined ? "max" : "min"),
      found: `${min} nodes`,
      allowed: `at least ${fewest} in ${profile}: the cluster's own services have to outlive one of them`,
    });
  }
  if (min > max) {
    const allowed = `at least ${min}, the group's minimum`;
    problems.push({ code: "node-group-max", path: pathTo(name, "max"), found: `${max} nodes`, allowed });
  }
  return [...problems, ...tooFew(planned)];
}

/** With everything at its maximum. A pod that no node could hold is another problem. */
function tooFew({ group: { name, max, instanceTypes }, offered, most }: PlannedGroup): readonly Problem[] {
  const needed = nodesPacked(most, offered);
  if (max >= needed || !Number.isFinite(needed)) return [];
  const sum = (of: "milliCpu" | "memory" | "gpus"): number =>
    most.reduce((total, { need, count }) => total + need[of] * count, 0);
  const total = { ...offered, milliCpu: sum("milliCpu"), memory: sum("memory"), gpus: sum("gpus") };
  return [
    {
      code: "node-group-max",
      path: pathTo(name, "max"),
      found: `${max} nodes`,
      allowed:
        `at least ${needed}: at their maximum its pods ask for ${shown(total)}, ` +
        `and a node (${instanceTypes.map((each) => each.name).join(", ")}) offers ${shown(offered)}`,
    },
  ];
}

/** The group would grow in a zone where the one that is bound to another can not run. */
function disagreement({ group, members }: PlannedGroup): readonly Problem[] {
  if (!group.together) return [];
  return members
    .filter((workload) => workload.kind !== "job" && !isTogether(workload))
    .map((workload) => ({
      code: "node-group-zones",
      path: pathOf(workload, "zones"),
      found: "spread",
      allowed: `together, as others of the ${group.name} group are: its nodes are in one zone or in all`,
    }));
}
