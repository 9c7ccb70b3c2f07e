/**
 * The load balancer and its listener, which answers 404: a path exists only where a side has a rule for it. With a
 * certificate it speaks HTTPS and sends HTTP there; without one it is a dev stack's plain HTTP.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Settings } from "../settings.ts";
import { createSecret, randomText } from "./secrets.ts";
import type { Storage } from "./buckets.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";

export interface Edge {
  readonly dnsName: pulumi.Output<string>;
  readonly arn: pulumi.Output<string>;
  readonly listenerArn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** Part of CloudWatch's `LoadBalancer` dimension. */
  readonly arnSuffix: pulumi.Output<string>;
  /** Whoever knows it may try a side that carries no weight yet. */
  readonly trialSecret: pulumi.Output<string>;
}

/** Forward secrecy and TLS 1.2 or 1.3 only (ELB.17). @source ELB user guide, "Security policies", 2026-11 */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

export function createEdge(
  context: Context,
  network: Network,
  group: aws.ec2.SecurityGroup,
  { buckets, logDelivery }: Storage,
  secretsKey: aws.kms.Key,
): Edge {
  const { settings, tags } = context;
  const logs = buckets["logs"];
  const balancer = new aws.lb.LoadBalancer(
    "edge",
    {
      loadBalancerType: "application",
      internal: false,
      subnets: network.publicSubnets.map(({ id }) => id),
      securityGroups: [group.id],
      idleTimeout: settings.edge.idleTimeout,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: true,
      ...(logs ? { accessLogs: { bucket: logs.bucket, prefix: "alb", enabled: true } } : {}),
      tags: tags("edge"),
    },
    // It has no way out without the internet gateway's route, and is refused where it may not write its log.
    { protect: true, dependsOn: [...network.ways, ...logDelivery] },
  );
  const listener = createListener(context, balancer, certificateOf(settings));
  const trial = createSecret(context, secretsKey, "trial-header", "Value of the header that tries one side", {
    value: randomText(),
  });
  return {
    arn: balancer.arn,
    dnsName: balancer.dnsName,
    arnSuffix: balancer.arnSuffix,
    listenerArn: listener.arn,
    url: balancer.dnsName.apply((name) => `${certificateOf(settings) === undefined ? "http" : "https"}://${name}`),
    trialSecret: trial.field("value"),
  };
}

/** The settings' certificate, where the stack has one. */
function certificateOf({ edge }: Settings): string | undefined {
  const known: Settings["edge"] & { readonly certificateArn?: string | undefined } = edge;
  return known.certificateArn;
}

function createListener(
  { tags }: Context,
  balancer: aws.lb.LoadBalancer,
  certificateArn: string | undefined,
): aws.lb.Listener {
  const notFound = {
    type: "fixed-response",
    fixedResponse: {
      statusCode: "404",
      contentType: "application/json",
      messageBody: JSON.stringify({ title: "Not Found", status: 404 }),
    },
  };
  const common = { loadBalancerArn: balancer.arn, tags: tags("edge") };
  if (certificateArn === undefined) {
    return new aws.lb.Listener("edge", { ...common, port: 80, protocol: "HTTP", defaultActions: [notFound] });
  }
  new aws.lb.Listener("edge-redirect", {
    ...common,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
  });
  return new aws.lb.Listener("edge", {
    ...common,
    port: 443,
    protocol: "HTTPS",
    certificateArn,
    sslPolicy: TLS_POLICY,
    defaultActions: [notFound],
  });
}
