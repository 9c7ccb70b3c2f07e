import type { FixturesOf, Made } from "../fixtures.ts";
import { deployment } from "../kubernetes/fixtures.ts";
import type * as rules from "./machines.ts";

const LABEL = "eks.amazonaws.com/capacityType";
const gateways = (count: number): readonly Made[] =>
  Array.from({ length: count }, (_each, index) => ({
    type: "aws:ec2/natGateway:NatGateway",
    name: `nat-${index}`,
    props: { subnetId: `subnet-${index}`, connectivityType: "public" },
  }));

const on = (...providers: readonly string[]) => ({
  capacityProviderStrategies: providers.map((capacityProvider) => ({ capacityProvider, weight: 1 })),
  loadBalancers: [{ containerName: "api", containerPort: 3001 }],
});

export const fixtures: FixturesOf<typeof rules> = {
  machineFamilies: {
    compliant: { instanceType: "m7i.2xlarge" },
    violating: [
      { given: { instanceType: "u-6tb1.metal" }, found: "found u-6tb1.metal" },
      { given: { instanceTypes: ["m7i.large", "p5.48xlarge"] }, found: "found p5.48xlarge" },
      {
        given: { mixedInstancesPolicy: { launchTemplate: { overrides: [{ instanceType: "g5.48xlarge" }] } } },
        found: "found g5.48xlarge; allowed: at most 96 vCPU",
      },
    ],
    decides: "instanceType",
    absent: "kept",
    configured: [
      { config: { families: ["p5"], mostVcpu: 192 }, given: { instanceType: "p5.48xlarge" }, then: "kept" },
      { config: { mostVcpu: 4 }, given: { instanceType: "m7i.2xlarge" }, then: "broken" },
    ],
  },
  gatewaysCounted: {
    compliant: gateways(3),
    violating: [{ given: gateways(4), found: "natGateways: found 4" }],
    decides: "nat-0.connectivityType",
    absent: "kept",
    configured: [
      { config: { most: 1 }, given: gateways(3), then: "broken" },
      { config: { most: 4 }, given: gateways(4), then: "kept" },
    ],
  },
  servicesNotOnSpot: {
    compliant: on("FARGATE", "FARGATE_SPOT"),
    violating: [
      { given: on("FARGATE_SPOT"), found: "found FARGATE_SPOT" },
      { given: on("gpu-spot"), found: "found gpu-spot" },
    ],
    decides: "capacityProviderStrategies",
    absent: "kept",
  },
  podsNotOnSpot: {
    compliant: deployment(),
    violating: [{ given: deployment({}, { nodeSelector: { [LABEL]: "SPOT" } }), found: "found SPOT" }],
    decides: "spec",
    absent: "kept",
    configured: [
      { config: { labels: ["pool"] }, given: deployment({}, { nodeSelector: { pool: "spot" } }), then: "broken" },
      { config: { labels: [] }, given: deployment({}, { nodeSelector: { [LABEL]: "SPOT" } }), then: "kept" },
    ],
  },
};
