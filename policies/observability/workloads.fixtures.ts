import { task } from "../compute/fixtures.ts";
import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./workloads.ts";

const BALANCED = { loadBalancers: [{ containerName: "api", containerPort: 3001, targetGroupArn: "group" }] };
const ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
const portMappings = [{ containerPort: 3001 }];
const traced = task({}, { portMappings, environment: [{ name: ENDPOINT, value: "http://collector:4318" }] });
const silent = task({}, { portMappings, environment: [{ name: "PORT", value: "3001" }] });

const scaled = (service: object, target: object): readonly Made[] => [
  { type: "aws:ecs/service:Service", name: "api", props: service },
  { type: "aws:appautoscaling/target:Target", name: "scaling", props: target, from: { resourceId: ["api"] } },
];

export const fixtures: FixturesOf<typeof rules> = {
  serviceZones: {
    compliant: { networkConfiguration: { subnets: ["subnet-1", "subnet-2"] } },
    violating: [{ given: { networkConfiguration: { subnets: ["subnet-1"] } }, found: "found 1" }],
    decides: "networkConfiguration.subnets",
    absent: "broken",
  },
  serviceTagsPropagated: {
    compliant: { propagateTags: "SERVICE" },
    violating: [{ given: { propagateTags: "NONE" }, found: "found NONE" }],
    decides: "propagateTags",
    absent: "broken",
  },
  serviceReplicas: {
    compliant: scaled(BALANCED, { minCapacity: 2 }),
    violating: [
      { given: scaled(BALANCED, { minCapacity: 1 }), found: "api.minCapacity: found 1" },
      { given: scaled({ ...BALANCED, desiredCount: 1 }, {}).slice(0, 1), found: "api.minCapacity: found 1" },
    ],
    decides: "scaling.minCapacity",
    absent: "broken",
    configured: [
      { config: { least: 3 }, given: scaled(BALANCED, { minCapacity: 2 }), then: "broken" },
      { config: {}, given: scaled({}, { minCapacity: 1 }), then: "kept" },
    ],
  },
  taskTraced: {
    compliant: traced,
    violating: [{ given: silent, found: `environment.${ENDPOINT}: found nothing` }],
    decides: "containerDefinitions.0.environment",
    absent: "broken",
    configured: [
      { config: { collectors: ["3001"] }, given: silent, then: "kept" },
      { config: { variable: "PORT" }, given: silent, then: "kept" },
      { config: { variable: "TRACES" }, given: traced, then: "broken" },
    ],
  },
};
