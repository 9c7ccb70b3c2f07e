import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./endpoints.ts";

const SERVICES = ["s3", "ecr.api", "ecr.dkr", "logs", "secretsmanager", "sts"];

const vpc = (services: readonly string[]): readonly Made[] => [
  { type: "awsx:ec2:Vpc", name: "main", props: {} },
  ...services.map((service) => ({
    type: "aws:ec2/vpcEndpoint:VpcEndpoint",
    name: service,
    props: { vpcId: "vpc-1", serviceName: `com.amazonaws.us-east-1.${service}` },
  })),
];

const INTERFACE = {
  vpcId: "vpc-1",
  serviceName: "com.amazonaws.us-east-1.logs",
  vpcEndpointType: "Interface",
  securityGroupIds: ["sg-1"],
  privateDnsEnabled: true,
};

export const fixtures: FixturesOf<typeof rules> = {
  endpointsPresent: {
    compliant: vpc(SERVICES),
    violating: [{ given: vpc(SERVICES.slice(0, -1)), found: "found none for sts" }],
    decides: "s3.serviceName",
    absent: "kept",
    configured: [
      { config: { services: ["sqs"] }, given: vpc(SERVICES), then: "broken" },
      { config: { services: ["s3"] }, given: vpc(["s3"]), then: "kept" },
    ],
  },
  endpointGuarded: {
    compliant: INTERFACE,
    violating: [
      { given: { ...INTERFACE, securityGroupIds: [] }, found: "securityGroupIds: found nothing" },
      { given: { ...INTERFACE, privateDnsEnabled: false }, found: "privateDnsEnabled: found false" },
    ],
    decides: "securityGroupIds",
    absent: "broken",
  },
};
