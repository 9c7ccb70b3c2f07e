/** What users depend on: more than one of it, in more than one place, and seen from end to end. */
import { z } from "zod";
import { inContainer, services, tasks } from "../compute/subjects.ts";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { scalingTargets } from "./subjects.ts";

export const serviceZones = resourceRule({
  name: "ecs-service-zones",
  description: "A service's tasks may run in two zones at least.",
  controls: ["Limits, ECS"],
  severity: "medium",
  remedy: "Name a subnet in each of two zones or more.",
  on: services,
  *check({ networkConfiguration }) {
    const found = networkConfiguration?.subnets?.length ?? 0;
    if (found < 2) yield { at: "networkConfiguration.subnets", found, allowed: "at least 2" };
  },
});

export const serviceTagsPropagated = resourceRule({
  name: "ecs-service-propagates-tags",
  description: "A service's tasks carry tags: the bill knows whose they are.",
  controls: ["Tagging"],
  severity: "low",
  remedy: "Set propagateTags to SERVICE.",
  on: services,
  *check({ propagateTags: found = "NONE" }) {
    if (found === "NONE") yield { at: "propagateTags", found, allowed: "SERVICE or TASK_DEFINITION" };
  },
  mend: () => ({ propagateTags: "SERVICE" }),
});

export const serviceReplicas = stackRule({
  name: "ecs-service-replicas",
  description: "What stands behind a load balancer never runs alone.",
  controls: ["Limits, ECS"],
  severity: "medium",
  remedy: "Raise the scaling target's minCapacity.",
  over: [services],
  parameters: z.strictObject({ least: z.int().positive().default(2) }),
  *check(graph, { least }, tell) {
    const floors = graph.all(scalingTargets).map(({ resource, view }) => ({
      of: comesFrom(resource, "resourceId", services),
      least: known(() => view().minCapacity ?? 0, tell),
    }));
    for (const { resource: service, view } of graph.all(services)) {
      const facts = known(() => {
        const { loadBalancers = [], desiredCount = 1 } = view();
        return { behind: loadBalancers.length > 0, desiredCount };
      }, tell);
      if (!facts?.behind) continue;
      const floor = floors.find(({ of }) => of.includes(service));
      // What scaling leaves alone stays as it was asked for.
      const found = floor ? floor.least : facts.desiredCount;
      if (found !== undefined && found < least) {
        yield { at: `${service.name}.minCapacity`, found, allowed: `at least ${least}`, on: service };
      }
    }
  },
});

export const taskTraced = resourceRule({
  name: "ecs-task-traced",
  description: "A task with a port knows where its traces go.",
  controls: ["Limits, ECS"],
  severity: "low",
  remedy: "Set the variable that is named to the collector's address.",
  on: tasks,
  parameters: z.strictObject({
    variable: z.string().default("OTEL_EXPORTER_OTLP_ENDPOINT"),
    collectors: z.array(z.string()).default(["4318"]).describe("Ports of the collector, which traces nothing"),
  }),
  *check({ containers }, { variable, collectors }) {
    for (const container of containers) {
      const ports = (container.portMappings ?? []).map(({ containerPort }) => String(containerPort));
      if (ports.length === 0 || ports.some((port) => collectors.includes(port))) continue;
      if (!(container.environment ?? []).some(({ name, value }) => name === variable && value)) {
        yield { at: inContainer(container, `environment.${variable}`), found: undefined, allowed: "an address" };
      }
    }
  },
});
