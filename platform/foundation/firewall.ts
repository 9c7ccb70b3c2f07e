/** Web ACLs: AWS's own rule groups and a limit on what one address may ask for, before load balancers and sites. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { TRIAL_HEADER } from "../conventions.ts";
import { CLOUDFRONT_REGION } from "./certificate.ts";
import type { Context } from "./context.ts";
import type { Edge } from "./edge.ts";

const GROUPS = [
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesAmazonIpReputationList",
];
/** Requests from one address in five minutes. */
const RATE_LIMIT = 5000;

/** Headers that carry secrets, which a log must not. */
const SECRET_HEADERS = ["authorization", "cookie", TRIAL_HEADER];

/**
 * For both load balancers. What comes through API Gateway's link has the link's few addresses whoever asks, so the
 * limit an address leaves the VPC's own out: the gateway's throttling holds there.
 */
export function createFirewall(context: Context, edge: Edge): void {
  const { settings, name, tags } = context;
  const inside = new aws.wafv2.IpSet("edge-vpc", {
    name: name("edge-vpc"),
    description: "Addresses of the VPC",
    scope: "REGIONAL",
    ipAddressVersion: "IPV4",
    addresses: [settings.network.vpc],
    tags: tags("edge-vpc"),
  });
  const outside = { notStatement: { statement: { ipSetReferenceStatement: { arn: inside.arn } } } };
  const acl = createAcl(context, "edge", "REGIONAL", settings.region, outside);
  for (const [resource, entry] of [
    ["edge", edge.streams],
    ["edge-internal", edge.api],
  ] as const) {
    new aws.wafv2.WebAclAssociation(resource, { resourceArn: entry.arn, webAclArn: acl.arn });
  }
}

/** For the sites' distributions, which take it by its ARN. */
export function createSiteFirewall(context: Context): aws.wafv2.WebAcl {
  return createAcl(context, "sites", "CLOUDFRONT", CLOUDFRONT_REGION);
}

type ScopeDown = aws.types.input.wafv2.WebAclRuleStatementRateBasedStatementScopeDownStatement;

function createAcl(
  context: Context,
  aclName: string,
  scope: "REGIONAL" | "CLOUDFRONT",
  region: string,
  scopeDownStatement?: pulumi.Input<ScopeDown>,
): aws.wafv2.WebAcl {
  const { name, tags } = context;
  const visible = (metric: string) => ({
    cloudwatchMetricsEnabled: true,
    sampledRequestsEnabled: true,
    metricName: name(metric),
  });
  const rate = { limit: RATE_LIMIT, aggregateKeyType: "IP", ...(scopeDownStatement ? { scopeDownStatement } : {}) };
  const acl = new aws.wafv2.WebAcl(aclName, {
    scope,
    region,
    defaultAction: { allow: {} },
    visibilityConfig: visible(aclName),
    rules: [
      {
        name: "rate",
        priority: 0,
        action: { block: {} },
        statement: { rateBasedStatement: rate },
        visibilityConfig: visible(`${aclName}-rate`),
      },
      ...GROUPS.map((group, index) => ({
        name: group,
        priority: index + 1,
        overrideAction: { none: {} },
        statement: { managedRuleGroupStatement: { vendorName: "AWS", name: group } },
        visibilityConfig: visible(`${aclName}-${group}`),
      })),
    ],
    tags: tags(aclName),
  });
  record(context, aclName, region, acl);
  return acl;
}

function record({ name, settings, tags }: Context, aclName: string, region: string, acl: aws.wafv2.WebAcl): void {
  const log = new aws.cloudwatch.LogGroup(`firewall-${aclName}`, {
    // WAF writes to groups of this prefix only.
    name: `aws-waf-logs-${name(aclName)}`,
    retentionInDays: settings.logRetentionDays,
    region,
    tags: tags(`firewall-${aclName}`),
  });
  new aws.wafv2.WebAclLoggingConfiguration(aclName, {
    resourceArn: acl.arn,
    logDestinationConfigs: [log.arn],
    redactedFields: [...SECRET_HEADERS.map((header) => ({ singleHeader: { name: header } })), { queryString: {} }],
    region,
  });
}
