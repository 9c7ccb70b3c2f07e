/** Log groups (one a workload, whichever platform writes to it), the network's own records, and their roles. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { logGroup } from "../conventions.ts";
import { policy, trust } from "./policy.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";

/** By the workload's name. */
export type LogGroups = Readonly<Record<string, aws.cloudwatch.LogGroup>>;

export function createLogGroups({ model, settings, tags }: Context): LogGroups {
  return Object.fromEntries(
    model.workloads.map(({ name, slug }) => [
      name,
      new aws.cloudwatch.LogGroup(name, {
        name: logGroup(model.project, slug),
        retentionInDays: settings.logRetentionDays,
        tags: tags(name),
      }),
    ]),
  );
}

/** Who talked to whom, and who asked for which name. */
export function recordNetwork(context: Context, network: Network): void {
  const { name, settings, tags } = context;
  const flows = new aws.cloudwatch.LogGroup("flow-logs", {
    name: `/aws/vpc/${name("flows")}`,
    retentionInDays: settings.logRetentionDays,
    tags: tags("flow-logs"),
  });
  const role = new aws.iam.Role("flow-logs", {
    assumeRolePolicy: trust("vpc-flow-logs.amazonaws.com", aws.getCallerIdentityOutput().accountId),
    tags: tags("flow-logs"),
  });
  const permission = new aws.iam.RolePolicy("flow-logs", {
    role: role.name,
    policy: policy([
      {
        actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
        resources: [pulumi.interpolate`${flows.arn}:*`],
      },
    ]),
  });
  new aws.ec2.FlowLog(
    "main",
    {
      vpcId: network.vpcId,
      trafficType: "ALL",
      logDestinationType: "cloud-watch-logs",
      logDestination: flows.arn,
      iamRoleArn: role.arn,
      maxAggregationInterval: 60,
      tags: tags("main"),
    },
    { dependsOn: [permission] },
  );
  // The prefix spares a resource policy: the resolver may write under /aws/vendedlogs by itself.
  const queries = new aws.cloudwatch.LogGroup("dns-queries", {
    name: `/aws/vendedlogs/route53/${name("queries")}`,
    retentionInDays: settings.logRetentionDays,
    tags: tags("dns-queries"),
  });
  const log = new aws.route53.ResolverQueryLogConfig("main", { destinationArn: queries.arn, tags: tags("main") });
  new aws.route53.ResolverQueryLogConfigAssociation("main", {
    resolverQueryLogConfigId: log.id,
    resourceId: network.vpcId,
  });
}
