import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./firewall.ts";

const visible = (cloudwatchMetricsEnabled: boolean) => ({
  cloudwatchMetricsEnabled,
  sampledRequestsEnabled: true,
  metricName: "edge",
});
const RATE = {
  name: "rate",
  priority: 0,
  action: { block: {} },
  statement: { rateBasedStatement: { limit: 5000, aggregateKeyType: "IP" } },
  visibilityConfig: visible(true),
};
const ACL = { scope: "REGIONAL", defaultAction: { allow: {} }, visibilityConfig: visible(true), rules: [RATE] };

const logged = (headers: readonly string[]): readonly Made[] => [
  { type: "aws:wafv2/webAcl:WebAcl", name: "edge", props: ACL },
  {
    type: "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    name: "log",
    props: { redactedFields: headers.map((name) => ({ singleHeader: { name } })) },
    from: { resourceArn: ["edge"] },
  },
];

export const fixtures: FixturesOf<typeof rules> = {
  firewallRules: {
    compliant: ACL,
    violating: [{ given: { ...ACL, rules: [] }, found: "rules: found 0" }],
    decides: "rules",
    absent: "broken",
  },
  firewallMetrics: {
    compliant: ACL,
    violating: [
      { given: { ...ACL, visibilityConfig: visible(false) }, found: "acl.visibilityConfig" },
      { given: { ...ACL, rules: [{ ...RATE, visibilityConfig: visible(false) }] }, found: "rate.visibilityConfig" },
    ],
    decides: "visibilityConfig.cloudwatchMetricsEnabled",
    absent: "broken",
  },
  firewallRate: {
    compliant: ACL,
    violating: [
      { given: { ...ACL, rules: [{ ...RATE, action: { count: {} } }] }, found: "found no rate limit" },
      { given: { ...ACL, rules: [] }, found: "found no rate limit" },
    ],
    decides: "rules",
    absent: "broken",
  },
  firewallLog: {
    compliant: logged(["authorization", "cookie"]),
    violating: [
      { given: logged(["cookie"]), found: "edge.redactedFields: found not authorization" },
      { given: logged([]).slice(0, 1), found: "edge: found no log" },
    ],
    decides: "log.redactedFields",
    absent: "broken",
  },
};
