/** Workload → service (or the run of a job that a rollout waits for), as `aws ecs create-service` takes it. */
import { lookup } from "../../platform/model/lookup.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Service as ServiceWorkload, Worker, Workload } from "../../platform/model/types.ts";
import type { RunTask, Service } from "./forms.ts";
import { awsvpc, capacityProvider, family, isTogether, ZONE_OF_ONE } from "./names.ts";
import { onFargate } from "./sizing.ts";

export function service(workload: ServiceWorkload | Worker, model: Model): Service {
  return {
    serviceName: workload.name,
    cluster: placeholder("cluster", model.project, "arn"),
    taskDefinition: family(model.prefix, workload),
    // Ignored after creation: from then on autoscaling owns the count.
    desiredCount: "singleton" in workload.scaling ? 1 : workload.scaling.desired,
    capacityProviderStrategy: [{ capacityProvider: capacityProvider(model.prefix, workload), weight: 1 }],
    ...placement(workload),
    deploymentConfiguration: {
      ...rollout(workload),
      deploymentCircuitBreaker: { enable: true, rollback: true },
    },
    networkConfiguration: awsvpc(workload),
    ...loadBalancers(workload),
    ...serviceConnect(workload, model),
    enableECSManagedTags: true,
    propagateTags: "SERVICE",
    enableExecuteCommand: false,
  };
}

/** `replaceOneByOne`: no capacity holds a second replica, so the old one goes first. */
function rollout({ rollout }: ServiceWorkload | Worker): { minimumHealthyPercent: number; maximumPercent: number } {
  return rollout.strategy === "surge"
    ? { minimumHealthyPercent: rollout.minHealthy, maximumPercent: rollout.max }
    : { minimumHealthyPercent: 0, maximumPercent: 100 };
}

/**
 * Fargate spreads over the zones of its subnets by itself and refuses a strategy; rebalancing needs room for a second
 * replica and a second zone. Instances that stand together are filled one after the other: they are the dear ones.
 */
function placement(workload: ServiceWorkload | Worker): Partial<Service> {
  const together = isTogether(workload);
  const rebalanced = !together && workload.rollout.strategy === "surge" && workload.rollout.max > 100;
  const availabilityZoneRebalancing = rebalanced ? "ENABLED" : "DISABLED";
  if (onFargate(workload)) return { platformVersion: "LATEST", availabilityZoneRebalancing };
  if (together) {
    const zone = placeholder("network", `private-${ZONE_OF_ONE}`, "zone");
    return {
      availabilityZoneRebalancing,
      placementConstraints: [{ type: "memberOf", expression: `attribute:ecs.availability-zone == ${zone}` }],
      placementStrategy: [{ type: "binpack", field: "memory" }],
    };
  }
  return {
    availabilityZoneRebalancing,
    placementStrategy: [{ type: "spread", field: "attribute:ecs.availability-zone" }],
  };
}

function loadBalancers(workload: ServiceWorkload | Worker): Partial<Service> {
  if (workload.kind === "worker" || !workload.route) return {};
  return {
    loadBalancers: [
      {
        targetGroupArn: placeholder("targetGroup", workload.name, "arn"),
        containerName: workload.slug,
        containerPort: workload.port.number,
      },
    ],
    // Failed load-balancer checks stop tasks too: without it, a slow start is killed whatever the container's own grace.
    healthCheckGracePeriodSeconds: workload.probes.grace,
  };
}

/** A caller needs a proxy as much as a callee; what does neither gets none, for it takes CPU and memory of the task. */
function serviceConnect(workload: ServiceWorkload | Worker, model: Model): Partial<Service> {
  const called = lookup(model).callers.has(workload.name);
  const calls = workload.uses.some(({ to }) => to.kind === "service");
  if (!called && !calls) return {};
  return {
    serviceConnectConfiguration: {
      enabled: true,
      namespace: model.prefix,
      ...(called
        ? {
            services: [
              {
                portName: workload.slug,
                discoveryName: workload.name,
                clientAliases: [{ dnsName: workload.name, port: workload.port.number }],
              },
            ],
          }
        : {}),
    },
  };
}

/** A task that a rollout waits for; `deploy` runs it and refuses to go on when it fails. */
export function runBeforeRollout(workload: Workload, model: Model): RunTask {
  return {
    cluster: placeholder("cluster", model.project, "arn"),
    taskDefinition: family(model.prefix, workload),
    count: 1,
    capacityProviderStrategy: [{ capacityProvider: capacityProvider(model.prefix, workload), weight: 1 }],
    networkConfiguration: awsvpc(workload),
    startedBy: "before-rollout",
    enableECSManagedTags: true,
    propagateTags: "TASK_DEFINITION",
  };
}
