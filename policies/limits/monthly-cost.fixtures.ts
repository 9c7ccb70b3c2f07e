import { task } from "../compute/fixtures.ts";
import type { FixturesOf, Made } from "../fixtures.ts";
import { pool } from "./fixtures.ts";
import type * as rules from "./monthly-cost.ts";

/** 73.58 USD a month. */
const machine = (instanceType = "m7i.large"): Made => ({
  type: "aws:ec2/instance:Instance",
  name: "trainer",
  props: { instanceType },
});

/** A task of 1 vCPU and 2 GiB: 36.04 USD a month. */
function onFargate(desired: number, most: number, provider = "FARGATE"): readonly Made[] {
  const capacityProviderStrategies = [{ capacityProvider: provider, weight: 1 }];
  return [
    { type: "aws:ecs/taskDefinition:TaskDefinition", name: "api", props: task({ cpu: "1024", memory: "2048" }) },
    {
      type: "aws:ecs/service:Service",
      name: "api-service",
      props: { name: "api", desiredCount: desired, capacityProviderStrategies },
      from: { taskDefinition: ["api"] },
    },
    {
      type: "aws:appautoscaling/target:Target",
      name: "api-scaling",
      props: { resourceId: "service/main/api", minCapacity: desired, maxCapacity: most },
      from: { resourceId: ["api-service"] },
    },
  ];
}

const database = (multiAz: boolean): Made => ({
  type: "aws:rds/instance:Instance",
  name: "database",
  props: {
    engine: "postgres",
    instanceClass: "db.t4g.medium",
    allocatedStorage: 50,
    maxAllocatedStorage: 200,
    multiAz,
  },
});

export const fixtures: FixturesOf<typeof rules> = {
  stackMonthlyCost: {
    config: { desired: 100, max: 150 },
    compliant: [machine()],
    violating: [
      { given: [machine("p4d.24xlarge")], found: "monthlyUsd.desired: found 16029 USD (trainer 16029 USD); allowed" },
      { given: onFargate(2, 5), found: "monthlyUsd.max: found 180 USD (api 180 USD); allowed: at most 150 USD" },
      { given: pool("g5.xlarge", 4), found: "monthlyUsd.max: found 2938 USD (gpu-group 2938 USD)" },
      { given: [database(true)], found: "monthlyUsd.desired: found 106 USD (database 106 USD)" },
      { given: [database(false), machine()], found: "found 127 USD (trainer 74 USD, database 53 USD)" },
    ],
    decides: "trainer.instanceType",
    absent: "kept",
    configured: [
      { config: {}, given: [machine("p4d.24xlarge")], then: "kept" },
      { config: { max: 150 }, given: onFargate(2, 4), then: "kept" },
      // Spare capacity is cheaper as a rule, and at its worst as dear as any.
      { config: { desired: 29 }, given: onFargate(2, 4, "FARGATE_SPOT"), then: "kept" },
      { config: { max: 144 }, given: onFargate(2, 4, "FARGATE_SPOT"), then: "broken" },
      { config: { desired: 1, region: "eu-west-1" }, given: [machine()], then: "kept" },
    ],
  },
};
