/** ECS tasks → what they take. A service's scaling may raise its count to the target's maximum, whatever it desires. */
import type * as aws from "@pulumi/aws";
import { cpuUnits, memoryMiB } from "../compute/sizes.ts";
import {
  eventTargets,
  forFargate,
  readTask,
  services,
  taskDefinitions,
  type TaskDefinition,
} from "../compute/subjects.ts";
import { ofType, type Resource } from "../framework/given.ts";
import { comesFrom, type Graph } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import type { Demand, Tell } from "./types.ts";
import type { Size } from "./size.ts";

const scalableTargets = ofType<aws.appautoscaling.TargetArgs>("aws:appautoscaling/target:Target");

/** What Fargate gives to a task that asks for no disk. @source ECS developer guide, "Fargate task ephemeral storage" */
const FARGATE_DISK_GIB = 20;

export function ecsDemands(graph: Graph, tell: Tell): readonly Demand[] {
  const lasting = graph.all(services).flatMap(({ resource, view }) => {
    const definition = definitionOf(resource, "taskDefinition", () => view().taskDefinition, graph, tell);
    const service = known(() => view().name, tell) ?? resource.name;
    const each = definition && known(() => sizeOf(definition.view(), tell), tell);
    const desired = known(() => view().desiredCount, tell) ?? 1;
    const range = scalingOf(resource, service, graph, tell);
    if (!each) return [];
    const most = Math.max(desired, range?.max ?? 0);
    return [{ service, each, desired: Math.max(desired, range?.min ?? 0), most, resource, definition }];
  });
  const scheduled = graph.all(eventTargets).flatMap(({ resource, view }) => {
    const task = known(() => view().ecsTarget, tell);
    if (!task) return [];
    const definition = definitionOf(resource, "ecsTarget", () => task.taskDefinitionArn, graph, tell);
    const each = definition && known(() => sizeOf(definition.view(), tell), tell);
    const most = known(() => task.taskCount, tell) ?? 1;
    return each ? [{ service: definition.resource.name, each, desired: 0, most, resource, definition }] : [];
  });
  const used = new Set([...lasting, ...scheduled].map(({ definition }) => definition.resource));
  // What no service and no schedule names is run once, by a rollout or by hand.
  const others = graph.all(taskDefinitions).flatMap(({ resource, view }) => {
    const each = used.has(resource) ? undefined : known(() => sizeOf(view(), tell), tell);
    return each ? [{ service: resource.name, each, desired: 0, most: 1, resource, definition: { resource } }] : [];
  });
  return [...lasting, ...scheduled, ...others].map(({ service, each, desired, most, resource, definition }) => ({
    service,
    platform: "ecs",
    resource,
    definition: definition.resource,
    each,
    desired,
    most,
  }));
}

/** By where the property's value comes from, which a preview knows; else by the family that it names. */
function definitionOf(resource: Resource, property: string, named: () => string | undefined, graph: Graph, tell: Tell) {
  const all = graph.all(taskDefinitions);
  const [source] = comesFrom(resource, property, taskDefinitions);
  if (source) return all.find((each) => each.resource === source);
  const [, family] = /([^/:]+)(?::\d+)?$/.exec(known(named, tell) ?? "") ?? [];
  return all.find(({ view }) => family !== undefined && known(() => view().family, tell) === family);
}

function scalingOf(
  service: Resource,
  name: string,
  graph: Graph,
  tell: Tell,
): { min: number; max: number } | undefined {
  for (const { resource, view } of graph.all(scalableTargets)) {
    const linked = comesFrom(resource, "resourceId", services).includes(service);
    if (!linked && !known(() => view().resourceId, tell)?.endsWith(`/${name}`)) continue;
    return known(() => ({ min: view().minCapacity ?? 0, max: view().maxCapacity ?? 0 }), tell);
  }
  return undefined;
}

/** The task's own figures are what it is held to; without them, on EC2, those of its containers. */
function sizeOf(definition: TaskDefinition, tell: Tell): Size {
  const fargate = forFargate(definition);
  const containers = known(() => readTask(definition).containers, tell) ?? [];
  const total = (amount: (container: (typeof containers)[number]) => number): number =>
    containers.reduce((sum, container) => sum + amount(container), 0);
  const units = cpuUnits(definition.cpu) || total(({ cpu = 0 }) => cpu);
  const mebibytes = memoryMiB(definition.memory) || total(({ memory }) => memory ?? Infinity);
  return {
    vcpu: units / 1024,
    memoryGiB: mebibytes / 1024,
    gpus: total(({ resourceRequirements = [] }) =>
      Number(resourceRequirements.find(({ type }) => type === "GPU")?.value ?? 0),
    ),
    storageGiB: definition.ephemeralStorage?.sizeInGib ?? (fargate ? FARGATE_DISK_GIB : 0),
  };
}
