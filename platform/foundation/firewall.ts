/** Web ACL in front of the load balancer: AWS's own rule groups and a rate limit an address. */
import * as aws from "@pulumi/aws";
import type { Context } from "./context.ts";
import type { Edge } from "./edge.ts";

const GROUPS = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesAmazonIpReputationList",
];
/** Requests from one address in five minutes. */
const RATE_LIMIT = 5000;

export function createFirewall({ name, tags }: Context, edge: Edge): void {
  const visible = (metric: string) => ({
    cloudwatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName: name(metric),
  });
  const acl = new aws.wafv2.WebAcl("edge", {
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    visibilityConfig: visible("edge"),
    rules: [
      {
        name: "rate",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: { limit: RATE_LIMIT, aggregateKeyType: "IP" } },
        visibilityConfig: visible("rate"),
      },
      ...GROUPS.map((group, index) => ({
        name: group,
        priority: index + 1,
        overrideAction: { none: {} },
        statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
        visibilityConfig: visible(group),
      })),
    ],
    tags: tags("edge"),
  });
  new aws.wafv2.WebAclAssociation("edge", { resourceArn: edge.arn, webAclArn: acl.arn });
}
