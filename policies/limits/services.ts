/** Limits of one service: of one replica, and of all that run or might. The same for an ECS task and a Kubernetes pod. */
import { z } from "zod";
import { demandsOf, DEMANDING } from "../demand/demands.ts";
import type { Demand } from "../demand/types.ts";
import { shown, times } from "../demand/size.ts";
import type { Finding } from "../framework/finding.ts";
import { stackRule } from "../framework/rule.ts";
import { above, ceilings, type Ceilings } from "./ceilings.ts";

const byService = z.strictObject({
  every: ceilings.default({}).describe("The ceiling of each service"),
  services: z.record(z.string(), ceilings).default({}).describe("Ceilings of single services, which go before"),
});

function ceilingOf({ service }: Demand, { every, services }: z.infer<typeof byService>): Ceilings {
  return { ...every, ...services[service] };
}

export const replicaSize = stackRule({
  name: "limits-replica-size",
  description: "One replica of a service is no larger than a replica may be, on ECS as on Kubernetes.",
  controls: ["Limits ECS", "Limits Kubernetes"],
  severity: "high",
  remedy: "Make the service smaller, or raise its ceiling in the stack's limits.",
  over: DEMANDING,
  parameters: z.strictObject({
    ...byService.shape,
    // Fargate's most: what is larger runs on one kind of capacity alone.
    every: ceilings.default({ vcpu: 16, memoryGiB: 120 }).describe("The ceiling of each replica"),
  }),
  *check(graph, parameters, tell) {
    for (const demand of demandsOf(graph, tell)) {
      yield* above(demand.service, demand.each, ceilingOf(demand, parameters), demand.resource);
    }
  },
});

export const serviceDesired = stackRule({
  name: "limits-service-desired",
  description: "What always runs of a service stays within its ceiling.",
  controls: ["Limits ECS", "Limits Kubernetes"],
  severity: "high",
  remedy: "Lower its desired count or its size, or raise its ceiling in the stack's limits.",
  over: DEMANDING,
  parameters: byService,
  *check(graph, parameters, tell) {
    for (const demand of demandsOf(graph, tell)) yield* counted(demand, demand.desired, ceilingOf(demand, parameters));
  },
});

export const serviceWorstCase = stackRule({
  name: "limits-service-worst-case",
  description: "What a service may scale to stays within its ceiling.",
  controls: ["Limits ECS", "Limits Kubernetes"],
  severity: "high",
  remedy: "Lower its maximum or its size, or raise its ceiling in the stack's limits.",
  over: DEMANDING,
  parameters: byService,
  *check(graph, parameters, tell) {
    for (const demand of demandsOf(graph, tell)) yield* counted(demand, demand.most, ceilingOf(demand, parameters));
  },
});

function counted(demand: Demand, replicas: number, allowed: Ceilings): Iterable<Finding> {
  const { service, each, resource } = demand;
  return above(service, { ...times(each, replicas), replicas }, allowed, resource, (dimension) =>
    dimension === "replicas" ? "" : ` (${replicas} × ${shown(each[dimension])})`,
  );
}
