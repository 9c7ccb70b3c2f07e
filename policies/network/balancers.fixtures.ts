import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./balancers.ts";

const ARN = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/edge/1";
const ACL = "arn:aws:wafv2:us-east-1:123456789012:regional/webacl/edge/1";
const BALANCER: Made = { type: "aws:lb/loadBalancer:LoadBalancer", name: "edge", props: { arn: ARN } };

const before = (resourceArn: string, from?: readonly string[]): readonly Made[] => [
  BALANCER,
  {
    type: "aws:wafv2/webAclAssociation:WebAclAssociation",
    name: "edge-acl",
    props: { resourceArn, webAclArn: ACL },
    ...(from ? { from: { resourceArn: from } } : {}),
  },
];

const listener = { loadBalancerArn: ARN, port: 443, protocol: "HTTPS" };
const answer = { type: "fixed-response", fixedResponse: { contentType: "text/plain", statusCode: "404" } };
const redirect = { type: "redirect", redirect: { protocol: "HTTPS", statusCode: "HTTP_301" } };

export const fixtures: FixturesOf<typeof rules> = {
  balancerHeaders: {
    compliant: { dropInvalidHeaderFields: true },
    violating: [{ given: { dropInvalidHeaderFields: false }, found: "found false" }],
    decides: "dropInvalidHeaderFields",
    absent: "broken",
  },
  balancerLog: {
    compliant: { accessLogs: { bucket: "logs", enabled: true } },
    violating: [{ given: { accessLogs: { bucket: "logs", enabled: false } }, found: "found false" }],
    decides: "accessLogs.enabled",
    absent: "broken",
  },
  balancerDeletion: {
    compliant: { enableDeletionProtection: true },
    violating: [{ given: { enableDeletionProtection: false }, found: "found false" }],
    decides: "enableDeletionProtection",
    absent: "broken",
  },
  balancerDesync: {
    compliant: { desyncMitigationMode: "strictest" },
    violating: [{ given: { desyncMitigationMode: "monitor" }, found: "found monitor" }],
    decides: "desyncMitigationMode",
    absent: "kept",
  },
  balancerZones: {
    compliant: { subnets: ["subnet-1", "subnet-2"] },
    violating: [{ given: { subnets: ["subnet-1"] }, found: "found 1" }],
    decides: "subnets",
    absent: "broken",
  },
  balancerFirewall: {
    compliant: before(ARN),
    violating: [
      { given: before(`${ARN}0`), found: "edge: found no web ACL" },
      { given: [BALANCER], found: "edge: found no web ACL" },
    ],
    decides: "edge.loadBalancerType",
    absent: "kept",
  },
  listenerEncrypted: {
    compliant: { ...listener, defaultActions: [answer] },
    violating: [{ given: { ...listener, protocol: "HTTP", defaultActions: [answer, redirect] }, found: "found HTTP" }],
    decides: "protocol",
    absent: "kept",
  },
  listenerTls: {
    compliant: { ...listener, sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06", defaultActions: [answer] },
    violating: [
      {
        given: { ...listener, sslPolicy: "ELBSecurityPolicy-2016-08", defaultActions: [answer] },
        found: "found ELBSecurityPolicy-2016-08",
      },
    ],
    decides: "sslPolicy",
    absent: "broken",
  },
};
