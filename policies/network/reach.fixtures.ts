import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./reach.ts";

const API = { securityGroupId: "sg-api", ipProtocol: "tcp", fromPort: 3001, toPort: 3001 };
const fromEdge = { ...API, referencedSecurityGroupId: "sg-edge" };
const PUBLIC = { securityGroupId: "sg-edge", ipProtocol: "tcp", fromPort: 443, toPort: 443, cidrIpv4: "0.0.0.0/0" };
const ALL = { securityGroupId: "sg-api", referencedSecurityGroupId: "sg-edge", ipProtocol: "-1" };

const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";

const into = (group: string, props: object): readonly Made[] => [
  { type: GROUP, name: group, props: {} },
  { type: RULE, name: "in", props, from: { securityGroupId: [group] } },
];

export const fixtures: FixturesOf<typeof rules> = {
  groupStandalone: {
    compliant: { vpcId: "vpc-1", ingress: [] },
    violating: [
      {
        given: { ingress: [{ fromPort: 443, toPort: 443, protocol: "tcp", cidrBlocks: ["10.0.0.0/8"] }] },
        found: "ingress: found 1 inline",
      },
      {
        given: { egress: [{ fromPort: 0, toPort: 0, protocol: "-1", cidrBlocks: ["0.0.0.0/0"] }] },
        found: "egress: found 1 inline",
      },
    ],
    decides: "ingress",
    absent: "kept",
  },
  ingressFromInternet: {
    compliant: PUBLIC,
    violating: [
      { given: { ...PUBLIC, fromPort: 5432, toPort: 5432 }, found: "tcp 5432: found open to the internet" },
      { given: { ...PUBLIC, fromPort: 80, toPort: 443 }, found: "tcp 80 to 443" },
      { given: { ...ALL, cidrIpv6: "::/0" }, found: "every port" },
    ],
    decides: "cidrIpv4",
    absent: "kept",
    configured: [
      { config: { ports: [443] }, given: { ...PUBLIC, fromPort: 80, toPort: 80 }, then: "broken" },
      { config: { ports: [8443] }, given: { ...PUBLIC, fromPort: 8443, toPort: 8443 }, then: "kept" },
    ],
  },
  ingressFromGroups: {
    compliant: into("api", { ...API, referencedSecurityGroupId: "sg-edge" }),
    violating: [{ given: into("api", { ...API, cidrIpv4: "10.0.0.0/8" }), found: "in.cidr: found 10.0.0.0/8" }],
    decides: "in.cidrIpv4",
    absent: "kept",
    configured: [
      { config: {}, given: into("edge", PUBLIC), then: "kept" },
      { config: { edges: ["doors"] }, given: into("edge", PUBLIC), then: "broken" },
    ],
  },
  ingressNarrow: {
    compliant: fromEdge,
    violating: [
      { given: { ...fromEdge, toPort: 65535 }, found: "found tcp 3001 to 65535" },
      { given: ALL, found: "found every port" },
    ],
    decides: "toPort",
    absent: "kept",
    configured: [
      { config: { widest: 10 }, given: { ...fromEdge, toPort: 3010 }, then: "kept" },
      { config: {}, given: { ...ALL, referencedSecurityGroupId: ALL.securityGroupId }, then: "kept" },
    ],
  },
  egressNarrow: {
    compliant: fromEdge,
    violating: [
      { given: { ...fromEdge, toPort: 65535 }, found: "found tcp 3001 to 65535" },
      { given: ALL, found: "found every port" },
    ],
    decides: "toPort",
    absent: "kept",
    configured: [{ config: { widest: 10 }, given: { ...fromEdge, toPort: 3011 }, then: "broken" }],
  },
  egressToInternet: {
    compliant: PUBLIC,
    violating: [
      { given: { ...PUBLIC, fromPort: 25, toPort: 25 }, found: "tcp 25: found open to the internet" },
      { given: { ...ALL, cidrIpv4: "0.0.0.0/0" }, found: "every port" },
    ],
    decides: "cidrIpv4",
    absent: "kept",
    configured: [
      { config: { ports: [25] }, given: { ...PUBLIC, fromPort: 25, toPort: 25 }, then: "kept" },
      { config: { ports: [] }, given: PUBLIC, then: "broken" },
    ],
  },
};
