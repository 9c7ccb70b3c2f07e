/** ECS services, and tasks that a schedule starts. */
import { resourceRule } from "../framework/rule.ts";
import { eventTargets, services } from "./subjects.ts";

export const serviceAddress = resourceRule({
  name: "ecs-service-public-address",
  description: "No task of a service has a public address.",
  controls: ["ECS.2", "ECS.16"],
  severity: "high",
  remedy: "Set assignPublicIp to false, and put a load balancer before it and a NAT gateway behind it.",
  on: services,
  *check({ networkConfiguration }) {
    if (networkConfiguration?.assignPublicIp) {
      yield { at: "networkConfiguration.assignPublicIp", found: true, allowed: "false" };
    }
  },
});

export const scheduledAddress = resourceRule({
  name: "ecs-scheduled-public-address",
  description: "No task that a schedule starts has a public address.",
  controls: ["ECS.2", "ECS.16"],
  severity: "high",
  remedy: "Set assignPublicIp to false in the target's ecsTarget.",
  on: eventTargets,
  *check({ ecsTarget }) {
    if (ecsTarget?.networkConfiguration?.assignPublicIp) {
      yield { at: "ecsTarget.networkConfiguration.assignPublicIp", found: true, allowed: "false" };
    }
  },
});

export const servicePlatform = resourceRule({
  name: "ecs-service-platform",
  description: "Fargate tasks run on its latest platform version, the one that gets the fixes.",
  controls: ["ECS.10"],
  severity: "medium",
  remedy: "Set platformVersion to LATEST.",
  on: services,
  *check({ platformVersion }) {
    if (platformVersion !== undefined && platformVersion !== "LATEST") {
      yield { at: "platformVersion", found: platformVersion, allowed: "LATEST, or nothing" };
    }
  },
  mend: () => ({ platformVersion: "LATEST" }),
});

export const serviceRollback = resourceRule({
  name: "ecs-service-rollback",
  description: "A rollout that never gets steady ends by itself and goes back.",
  controls: ["Limits ECS"],
  severity: "medium",
  remedy: "Switch the deployment circuit breaker on, with rollback.",
  on: services,
  *check({ deploymentController, deploymentCircuitBreaker: breaker }) {
    if (deploymentController?.type !== undefined && deploymentController.type !== "ECS") return;
    if (!breaker?.enable || !breaker.rollback) {
      const found = breaker?.enable ? "enabled, without rollback" : undefined;
      yield { at: "deploymentCircuitBreaker", found, allowed: "enable and rollback" };
    }
  },
  mend: () => ({ deploymentCircuitBreaker: { enable: true, rollback: true } }),
});

export const serviceShell = resourceRule({
  name: "ecs-service-shell",
  description: "Nobody opens a shell in a running container.",
  controls: ["ECS.5"],
  severity: "medium",
  remedy: "Set enableExecuteCommand to false.",
  on: services,
  *check({ enableExecuteCommand }) {
    if (enableExecuteCommand) yield { at: "enableExecuteCommand", found: true, allowed: "false" };
  },
  mend: () => ({ enableExecuteCommand: false }),
});

export const serviceCapacity = resourceRule({
  name: "ecs-service-keeps-serving",
  description: "A rollout keeps at least half of a service's tasks running.",
  controls: ["Limits ECS"],
  severity: "low",
  remedy: "Raise deploymentMinimumHealthyPercent; a service of one task surges instead.",
  on: services,
  *check({ deploymentMinimumHealthyPercent: percent, desiredCount = 1, schedulingStrategy }) {
    if (schedulingStrategy === "DAEMON" || desiredCount <= 1) return;
    if (percent !== undefined && percent < 50) {
      yield { at: "deploymentMinimumHealthyPercent", found: `${percent} %`, allowed: "at least 50 %" };
    }
  },
});
