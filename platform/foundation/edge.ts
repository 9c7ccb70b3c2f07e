/**
 * Two load balancers, because an HTTP API carries no WebSockets and throttles nothing that passes it by: one on the
 * internet for WebSockets, one inside the VPC that only API Gateway's link may knock at. Each has one listener that
 * answers 404: a path exists only where a side has a rule for it. With a certificate they speak HTTPS; without one it
 * is a dev stack's plain HTTP.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Storage } from "./buckets.ts";
import type { Certificates } from "./certificate.ts";
import type { Context } from "./context.ts";
import { createAlias } from "./dns.ts";
import type { PublicNames } from "./names.ts";
import type { Network } from "./network.ts";
import { createSecret, randomText } from "./secrets.ts";
import { entryName } from "./shared.ts";

/** A load balancer and the listener that rules go to. */
export interface Entry {
  readonly arn: pulumi.Output<string>;
  readonly dnsName: pulumi.Output<string>;
  readonly listenerArn: pulumi.Output<string>;
  /** Part of CloudWatch's `LoadBalancer` dimension. */
  readonly arnSuffix: pulumi.Output<string>;
}

export interface Edge {
  /** On the internet: WebSockets. */
  readonly streams: Entry;
  /** Behind API Gateway alone: everything else. */
  readonly api: Entry;
  /** The entry through which users reach a service. */
  readonly entryOf: (service: string) => Entry;
  /** Where WebSocket clients connect, `wss://…`. */
  readonly streamUrl: pulumi.Output<string>;
  /** Whoever knows it may try a side that carries no weight yet. */
  readonly trialSecret: pulumi.Output<string>;
  /** Where that is kept. */
  readonly trialSecretArn: pulumi.Output<string>;
}

/** What an edge is made of beside the context. */
export interface EdgeParts {
  readonly network: Network;
  readonly group: aws.ec2.SecurityGroup;
  readonly storage: Storage;
  readonly secretsKey: aws.kms.Key;
  readonly names: PublicNames | undefined;
  readonly certificates: Certificates | undefined;
}

/** Forward secrecy and TLS 1.2 or 1.3 only (ELB.17). @source ELB user guide, "Security policies", 2026-11 */
const TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06";

/** The inner listener's: not among the public ports that the edge's security group opens to everybody. */
export const INNER_PORT = { HTTP: 8080, HTTPS: 8443 } as const;

export function createEdge(context: Context, parts: EdgeParts): Edge {
  const { names, certificates } = parts;
  const certificate = certificates?.edge;
  const outer = createBalancer(context, "edge", parts, false);
  const inner = createBalancer(context, "edge-internal", parts, true);
  if (certificate !== undefined) redirectToHttps(context, outer);
  const streams = entry(outer, createListener(context, "edge", outer, { HTTP: 80, HTTPS: 443 }, certificate));
  const api = entry(inner, createListener(context, "edge-internal", inner, INNER_PORT, certificate));
  if (names) createAlias("streams", names.streams, names.zoneId, outer);
  const trial = createSecret(context, parts.secretsKey, "trial-header", "Value of the header that tries one side", {
    value: randomText(),
  });
  const entries = { streams, api };
  return {
    ...entries,
    entryOf: (service) => entries[entryName(context.model, service)],
    streamUrl: names ? pulumi.output(`wss://${names.streams}`) : pulumi.interpolate`ws://${outer.dnsName}`,
    trialSecret: trial.field("value"),
    trialSecretArn: trial.arn,
  };
}

function createBalancer(
  { settings, tags }: Context,
  name: string,
  { network, group, storage }: EdgeParts,
  internal: boolean,
): aws.lb.LoadBalancer {
  const logs = storage.buckets["logs"];
  return new aws.lb.LoadBalancer(
    name,
    {
      loadBalancerType: "application",
      internal,
      // Both in the public subnets, whose addresses compiled network policies let in; an internal one has no public IP.
      subnets: network.publicSubnets.map(({ id }) => id),
      securityGroups: [group.id],
      idleTimeout: settings.edge.idleTimeout,
      dropInvalidHeaderFields: true,
      desyncMitigationMode: "defensive",
      enableDeletionProtection: true,
      ...(logs ? { accessLogs: { bucket: logs.bucket, prefix: "alb", enabled: true } } : {}),
      tags: tags(name),
    },
    // It has no way out without the internet gateway's route, and is refused where it may not write its log.
    { protect: true, dependsOn: [...network.ways, ...storage.logDelivery] },
  );
}

/** HTTPS where there is a certificate. */
function createListener(
  { tags }: Context,
  name: string,
  balancer: aws.lb.LoadBalancer,
  port: { readonly HTTP: number; readonly HTTPS: number },
  certificateArn: pulumi.Output<string> | undefined,
): aws.lb.Listener {
  const notFound = {
    type: "fixed-response",
    fixedResponse: {
      statusCode: "404",
      contentType: "application/json",
      messageBody: JSON.stringify({ title: "Not Found", status: 404 }),
    },
  };
  return new aws.lb.Listener(name, {
    loadBalancerArn: balancer.arn,
    ...(certificateArn === undefined
      ? { port: port.HTTP, protocol: "HTTP" }
      : { port: port.HTTPS, protocol: "HTTPS", certificateArn, sslPolicy: TLS_POLICY }),
    defaultActions: [notFound],
    tags: tags(name),
  });
}

function redirectToHttps({ tags }: Context, balancer: aws.lb.LoadBalancer): void {
  new aws.lb.Listener("edge-redirect", {
    loadBalancerArn: balancer.arn,
    port: 80,
    protocol: "HTTP",
    defaultActions: [{ type: "redirect", redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } }],
    tags: tags("edge-redirect"),
  });
}

function entry(balancer: aws.lb.LoadBalancer, listener: aws.lb.Listener): Entry {
  const { arn, dnsName, arnSuffix } = balancer;
  return { arn, dnsName, arnSuffix, listenerArn: listener.arn };
}
