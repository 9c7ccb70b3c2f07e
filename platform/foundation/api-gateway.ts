/**
 * API Gateway (HTTP API) in front of the API: throttling, an access log, TLS of the platform's own name. Its VPC link
 * ends at the inner load balancer, where the weights of a migration are, so API Gateway knows nothing of sides.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Certificates } from "./certificate.ts";
import type { Context } from "./context.ts";
import { createAlias } from "./dns.ts";
import { INNER_PORT, type Edge } from "./edge.ts";
import type { PublicNames } from "./names.ts";
import type { Network } from "./network.ts";

export interface ApiGateway {
  readonly id: pulumi.Output<string>;
  /** `https://…`, by the platform's own name where it has one. */
  readonly url: pulumi.Output<string>;
  /** The same name alone, an origin for CloudFront. */
  readonly host: pulumi.Output<string>;
}

export interface ApiGatewayParts {
  readonly network: Network;
  /** The load balancers' group, which lets the link in. */
  readonly edgeGroup: aws.ec2.SecurityGroup;
  readonly edge: Edge;
  readonly names: PublicNames | undefined;
  readonly certificates: Certificates | undefined;
}

/** The longest that an HTTP API waits. @source API Gateway developer guide, "HTTP API quotas", 2026-11 */
const TIMEOUT_MILLISECONDS = 30_000;

/** What happened, never what was sent: no header and no query string, where tokens are. */
const LOG_FIELDS = {
  requestId: "$context.requestId",
  time: "$context.requestTime",
  sourceIp: "$context.identity.sourceIp",
  userAgent: "$context.identity.userAgent",
  method: "$context.httpMethod",
  path: "$context.path",
  protocol: "$context.protocol",
  status: "$context.status",
  responseLength: "$context.responseLength",
  latency: "$context.responseLatency",
  integrationStatus: "$context.integration.status",
  integrationLatency: "$context.integration.latency",
  error: "$context.integrationErrorMessage",
} as const;

export function createApiGateway(context: Context, parts: ApiGatewayParts): ApiGateway {
  const { name, tags } = context;
  const { names, certificates, edge } = parts;
  const api = new aws.apigatewayv2.Api("api", {
    name: name("api"),
    description: "The platform's API",
    protocolType: "HTTP",
    // With a name of its own there is one way in.
    disableExecuteApiEndpoint: names !== undefined,
    tags: tags("api"),
  });
  const integration = new aws.apigatewayv2.Integration("api", {
    apiId: api.id,
    integrationType: "HTTP_PROXY",
    integrationMethod: "ANY",
    integrationUri: edge.api.listenerArn,
    connectionType: "VPC_LINK",
    connectionId: createLink(context, parts).id,
    payloadFormatVersion: "1.0",
    timeoutMilliseconds: TIMEOUT_MILLISECONDS,
    ...(names ? { tlsConfig: { serverNameToVerify: names.api } } : {}),
  });
  new aws.apigatewayv2.Route("api", {
    apiId: api.id,
    routeKey: "$default",
    target: pulumi.interpolate`integrations/${integration.id}`,
  });
  const stage = createStage(context, api);
  if (!names || !certificates) {
    return { id: api.id, url: api.apiEndpoint, host: api.apiEndpoint.apply((url) => new URL(url).host) };
  }
  const domain = new aws.apigatewayv2.DomainName("api", {
    domainName: names.api,
    domainNameConfiguration: {
      certificateArn: certificates.edge,
      endpointType: "REGIONAL",
      securityPolicy: "TLS_1_2",
    },
    tags: tags("api"),
  });
  new aws.apigatewayv2.ApiMapping("api", { apiId: api.id, domainName: domain.id, stage: stage.id });
  const { targetDomainName: dnsName, hostedZoneId: zoneId } = domain.domainNameConfiguration;
  createAlias("api", names.api, names.zoneId, { dnsName, zoneId });
  return { id: api.id, url: pulumi.interpolate`https://${domain.domainName}`, host: domain.domainName };
}

/** Its interfaces have a group of their own, the only one that the inner listener's port is open to. */
function createLink(
  { name, tags }: Context,
  { network, edgeGroup, certificates }: ApiGatewayParts,
): aws.apigatewayv2.VpcLink {
  const group = new aws.ec2.SecurityGroup("api-gateway", {
    vpcId: network.vpcId,
    description: "API Gateway's VPC link",
    tags: tags("api-gateway"),
  });
  const port = certificates ? INNER_PORT.HTTPS : INNER_PORT.HTTP;
  const rule = {
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    description: "API Gateway",
    tags: tags("api-gateway"),
  };
  new aws.vpc.SecurityGroupEgressRule("api-gateway-edge", {
    ...rule,
    securityGroupId: group.id,
    referencedSecurityGroupId: edgeGroup.id,
  });
  new aws.vpc.SecurityGroupIngressRule("edge-api-gateway", {
    ...rule,
    securityGroupId: edgeGroup.id,
    referencedSecurityGroupId: group.id,
  });
  return new aws.apigatewayv2.VpcLink("api", {
    name: name("api"),
    subnetIds: network.privateSubnets.map(({ id }) => id),
    securityGroupIds: [group.id],
    tags: tags("api"),
  });
}

function createStage({ name, settings, sizes, tags }: Context, api: aws.apigatewayv2.Api): aws.apigatewayv2.Stage {
  const log = new aws.cloudwatch.LogGroup("api-gateway", {
    // The prefix spares a resource policy.
    name: `/aws/vendedlogs/apigateway/${name("api")}`,
    retentionInDays: settings.logRetentionDays,
    tags: tags("api-gateway"),
  });
  return new aws.apigatewayv2.Stage("api", {
    apiId: api.id,
    // Without a stage in the path: a private integration would pass it on.
    name: "$default",
    autoDeploy: true,
    defaultRouteSettings: {
      throttlingRateLimit: sizes.api.requestsPerSecond,
      throttlingBurstLimit: sizes.api.burst,
      detailedMetricsEnabled: true,
    },
    accessLogSettings: { destinationArn: log.arn, format: JSON.stringify(LOG_FIELDS) },
    tags: tags("api"),
  });
}
