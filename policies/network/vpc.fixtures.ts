import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./vpc.ts";

const VPC: Made = { type: "awsx:ec2:Vpc", name: "main", props: { vpcId: "vpc-1" } };
const PART: Made = { type: "aws:ec2/vpc:Vpc", name: "main-vpc", props: {} };
const DEFAULT = "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup";
const FLOWS = "aws:ec2/flowLog:FlowLog";
const QUERIES = "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation";

const beside = (type: string, props: object): readonly Made[] => [VPC, PART, { type, name: "beside", props }];

const entry = { ruleNo: 100, action: "allow", protocol: "tcp", fromPort: 443, toPort: 443, cidrBlock: "0.0.0.0/0" };

export const fixtures: FixturesOf<typeof rules> = {
  defaultGroupClosed: {
    compliant: { vpcId: "vpc-1", ingress: [], egress: [] },
    violating: [
      {
        given: { ingress: [{ fromPort: 0, toPort: 0, protocol: "-1", self: true }] },
        found: "ingress: found 1 rule(s)",
      },
      {
        given: { egress: [{ fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] },
        found: "egress: found 1 rule(s)",
      },
    ],
    decides: "ingress",
    absent: "kept",
  },
  defaultGroupTaken: {
    compliant: beside(DEFAULT, { vpcId: "vpc-1" }),
    violating: [
      { given: beside(DEFAULT, {}), found: "found 0 default security group(s)" },
      {
        given: [VPC, { ...PART, type: VPC.type }, beside(DEFAULT, { vpcId: "vpc-1" })[2] ?? VPC],
        found: "of 2 VPC(s)",
      },
    ],
    decides: "beside.vpcId",
    absent: "broken",
  },
  flowsLogged: {
    compliant: beside(FLOWS, { vpcId: "vpc-1", trafficType: "ALL" }),
    violating: [
      { given: beside(FLOWS, { trafficType: "ACCEPT" }), found: "found 0 flow log(s)" },
      { given: [VPC], found: "found 0 flow log(s)" },
    ],
    decides: "beside.trafficType",
    absent: "kept",
  },
  queriesLogged: {
    compliant: beside(QUERIES, { resourceId: "vpc-1", resolverQueryLogConfigId: "log-1" }),
    violating: [{ given: beside(QUERIES, { resolverQueryLogConfigId: "log-1" }), found: "found 0 query log(s)" }],
    decides: "beside.resourceId",
    absent: "broken",
  },
  subnetAddresses: {
    compliant: { vpcId: "vpc-1", mapPublicIpOnLaunch: false },
    violating: [{ given: { vpcId: "vpc-1", mapPublicIpOnLaunch: true }, found: "found true" }],
    decides: "mapPublicIpOnLaunch",
    absent: "kept",
  },
  aclAdminPorts: {
    compliant: { vpcId: "vpc-1", ingress: [entry] },
    violating: [
      { given: { ingress: [{ ...entry, fromPort: 0, toPort: 1023 }] }, found: "ingress.100: found the internet at 22" },
      { given: { ingress: [{ ...entry, protocol: "-1" }] }, found: "22, 3389" },
    ],
    decides: "ingress",
    absent: "kept",
  },
};
