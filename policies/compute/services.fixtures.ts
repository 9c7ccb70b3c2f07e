import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./services.ts";

const subnets = ["subnet-1"];
const TARGET = { rule: "nightly", arn: "arn:aws:ecs:us-east-1:123456789012:cluster/main" };
const ECS_TARGET = { taskDefinitionArn: "arn:aws:ecs:us-east-1:123456789012:task-definition/job:1" };
const breaker = { enable: true, rollback: true };

export const fixtures: FixturesOf<typeof rules> = {
  serviceAddress: {
    compliant: { networkConfiguration: { subnets, assignPublicIp: false } },
    violating: [
      { given: { networkConfiguration: { subnets, assignPublicIp: true } }, found: "assignPublicIp: found true" },
    ],
    decides: "networkConfiguration.assignPublicIp",
    absent: "kept",
  },
  scheduledAddress: {
    compliant: { ...TARGET, ecsTarget: { ...ECS_TARGET, networkConfiguration: { subnets, assignPublicIp: false } } },
    violating: [
      {
        given: { ...TARGET, ecsTarget: { ...ECS_TARGET, networkConfiguration: { subnets, assignPublicIp: true } } },
        found: "ecsTarget.networkConfiguration.assignPublicIp: found true",
      },
    ],
    decides: "ecsTarget.networkConfiguration.assignPublicIp",
    absent: "kept",
  },
  servicePlatform: {
    compliant: { platformVersion: "LATEST" },
    violating: [{ given: { platformVersion: "1.3.0" }, found: "found 1.3.0" }],
    decides: "platformVersion",
    absent: "kept",
  },
  serviceRollback: {
    compliant: { deploymentCircuitBreaker: breaker },
    violating: [
      { given: { deploymentCircuitBreaker: { ...breaker, rollback: false } }, found: "enabled, without rollback" },
      { given: { deploymentCircuitBreaker: { ...breaker, enable: false } }, found: "found nothing" },
    ],
    decides: "deploymentCircuitBreaker.rollback",
    absent: "broken",
  },
  serviceShell: {
    compliant: { enableExecuteCommand: false },
    violating: [{ given: { enableExecuteCommand: true }, found: "found true" }],
    decides: "enableExecuteCommand",
    absent: "kept",
  },
  serviceCapacity: {
    compliant: { desiredCount: 4, deploymentMinimumHealthyPercent: 50 },
    violating: [{ given: { desiredCount: 4, deploymentMinimumHealthyPercent: 25 }, found: "found 25 %" }],
    decides: "deploymentMinimumHealthyPercent",
    absent: "kept",
  },
};
