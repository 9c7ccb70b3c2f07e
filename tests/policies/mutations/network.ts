/** Ways in, ways out, and what stands at the edge. */
import { added, at, type Table } from "./mutation.ts";

const ingress = (name: string) => at("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", name);
const balancer = at("aws:lb/loadBalancer:LoadBalancer", "edge");
const group = at("aws:lb/targetGroup:TargetGroup", "api-service");
const rule = (name: string) => at("aws:lb/listenerRule:ListenerRule", name);
const site = at("aws:cloudfront/distribution:Distribution", "web");
const DATABASE = { securityGroupId: [["aws:ec2/securityGroup:SecurityGroup", "store-database"]] } as const;

export const network: Table = {
  "prod ecs": [
    [
      "opens the database to the world",
      added(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "anybody",
        {
          securityGroupId: "store-database-id",
          cidrIpv4: "0.0.0.0/0",
          ipProtocol: "tcp",
          fromPort: 5432,
          toPort: 5432,
        },
        DATABASE,
      ),
      "network-ingress-internet",
    ],
    ["opens SSH at the edge", ingress("edge-80").set("fromPort", 22), "network-ingress-internet"],
    [
      "opens IPv6 where IPv4 is shut",
      ingress("store-database-within").set("cidrIpv6", "::/0"),
      "network-ingress-internet",
    ],
    [
      "lets in every port from a group",
      ingress("database-rotation-store").set("toPort", 65535),
      "network-ingress-narrow",
    ],
    [
      "lets in a range of addresses",
      added(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        "office",
        {
          securityGroupId: "store-database-id",
          cidrIpv4: "10.0.0.0/8",
          ipProtocol: "tcp",
          fromPort: 5432,
          toPort: 5432,
        },
        DATABASE,
      ),
      "network-ingress-from-groups",
    ],
    [
      "lets a service out on every port",
      at("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "redis-rotation-api").set("ipProtocol", "-1"),
      "network-egress-narrow",
    ],
    [
      "lets a service mine coins",
      at("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "redis-rotation-api").set("fromPort", 3333),
      "network-egress-internet",
    ],
    [
      "writes rules into the group itself",
      at("aws:ec2/securityGroup:SecurityGroup", "api-service").set("ingress", [
        { protocol: "tcp", fromPort: 3001, toPort: 3001, cidrBlocks: ["10.0.0.0/8"] },
      ]),
      "network-group-standalone-rules",
    ],
    [
      "opens the default group among its members",
      at("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default").set("ingress", [
        { protocol: "-1", self: true, fromPort: 0, toPort: 0 },
      ]),
      "network-default-group-closed",
    ],
    [
      "leaves the default group to AWS",
      at("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup", "default").gone,
      "network-default-group-taken",
    ],
    [
      "lets the internet at SSH through the ACL",
      at("aws:ec2/networkAcl:NetworkAcl", "isolated").set("ingress.0.cidrBlock", "0.0.0.0/0"),
      "network-acl-admin-ports",
    ],
    [
      "gives machines public addresses by their subnet",
      added("aws:ec2/subnet:Subnet", "open", {
        vpcId: "main-id",
        cidrBlock: "10.40.200.0/24",
        mapPublicIpOnLaunch: true,
      }),
      "network-subnet-public-addresses",
    ],
    ["logs no flows", at("aws:ec2/flowLog:FlowLog", "main").gone, "network-flow-logs"],
    [
      "logs no names",
      at("aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation", "main").gone,
      "network-dns-query-logs",
    ],
    [
      "fetches secrets through the internet",
      at("aws:ec2/vpcEndpoint:VpcEndpoint", "secretsmanager").gone,
      "network-endpoints",
    ],
    [
      "leaves an endpoint's name public",
      at("aws:ec2/vpcEndpoint:VpcEndpoint", "sqs").set("privateDnsEnabled", false),
      "network-endpoint-guarded",
    ],
    ["serves users in the clear", at("aws:lb/listener:Listener", "edge").set("protocol", "HTTP"), "alb-listener-https"],
    [
      "speaks TLS 1.0",
      at("aws:lb/listener:Listener", "edge").set("sslPolicy", "ELBSecurityPolicy-2016-08"),
      "alb-listener-tls",
    ],
    ["may lose the load balancer", balancer.set("enableDeletionProtection", false), "alb-deletion-protection"],
    ["keeps headers that are none", balancer.set("dropInvalidHeaderFields", false), "alb-invalid-headers"],
    ["lets two readings of a request through", balancer.set("desyncMitigationMode", "monitor"), "alb-desync"],
    ["logs no requests", balancer.without("accessLogs"), "alb-access-log"],
    ["stands in one zone", balancer.set("subnets", ["public-0-id"]), "alb-zones"],
    [
      "has no firewall before the edge",
      at("aws:wafv2/webAclAssociation:WebAclAssociation", "edge").gone,
      "alb-firewall",
    ],
    ["has no firewall before the site", site.without("webAclId"), "cloudfront-firewall"],
    ["has a firewall without rules", at("aws:wafv2/webAcl:WebAcl", "edge").set("rules", []), "waf-rules"],
    ["has a firewall without a rate", at("aws:wafv2/webAcl:WebAcl", "edge").without("rules.0"), "waf-rate-limit"],
    [
      "counts nothing that it stops",
      at("aws:wafv2/webAcl:WebAcl", "edge").set("rules.1.visibilityConfig.cloudwatchMetricsEnabled", false),
      "waf-metrics",
    ],
    [
      "logs nothing that it stops",
      at("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "edge").gone,
      "waf-log",
    ],
    [
      "logs whom it let in, session and all",
      at("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", "edge").set("redactedFields", []),
      "waf-log",
    ],
    [
      "serves the site in the clear",
      site.set("defaultCacheBehavior.viewerProtocolPolicy", "allow-all"),
      "cloudfront-https",
    ],
    ["serves the site with TLS 1.0", site.set("viewerCertificate.minimumProtocolVersion", "TLSv1"), "cloudfront-tls"],
    [
      "reaches the API from the site in the clear",
      site.set("origins.1.customOriginConfig.originProtocolPolicy", "http-only"),
      "cloudfront-origin-tls",
    ],
    [
      "adds a route that asks nobody",
      added("aws:apigatewayv2/route:Route", "admin", {
        apiId: "api-id",
        routeKey: "ANY /admin",
        target: "integrations/api-id",
      }),
      "api-route-authorization",
    ],
    ["lists the bucket at the root", site.without("defaultRootObject"), "cloudfront-root"],
    ["reads the bucket as anybody", site.without("origins.0.originAccessControlId"), "cloudfront-origin-access"],
    [
      "logs nobody who asks for the site",
      at("aws:cloudwatch/logDeliverySource:LogDeliverySource", "web").gone,
      "cloudfront-access-log",
    ],
    [
      "delivers no line of the site's log",
      at("aws:cloudwatch/logDelivery:LogDelivery", "web").gone,
      "cloudfront-access-log",
    ],
    [
      "shows CloudFront's own certificate",
      site.set("viewerCertificate", { cloudfrontDefaultCertificate: true }),
      "cloudfront-certificate",
    ],
    ["leaves connections no time to end", group.set("deregistrationDelay", 0), "target-group-drain"],
    ["takes instances for targets", group.set("targetType", "instance"), "target-group-ip"],
    ["asks for no health", group.set("healthCheck", { enabled: false }), "target-group-health"],
    [
      "asks one path of two services",
      rule("default-auth-service-auth-*").set("conditions", [{ pathPattern: { values: ["/api/*"] } }]),
      "routing-path-once",
    ],
    [
      "gives two rules one priority",
      rule("default-auth-service-auth-*").set("priority", 35716),
      "routing-priority-once",
    ],
    ["asks for the trial too late", rule("trial-ecs-api-service-api-*").set("priority", 49999), "routing-trial-first"],
    [
      "binds users to a side",
      rule("default-api-service-api-*").set("actions.0.forward", {
        targetGroups: [
          { arn: "a", weight: 1 },
          { arn: "b", weight: 1 },
        ],
        stickiness: { enabled: true, duration: 600 },
      }),
      "routing-not-sticky",
    ],
    [
      "sends nobody anywhere",
      rule("default-api-service-api-*").set("actions.0", {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: "a", weight: 0 },
            { arn: "b", weight: 0 },
          ],
        },
      }),
      "routing-weights",
    ],
    [
      "lets the API be flooded",
      at("aws:apigatewayv2/stage:Stage", "api").without("defaultRouteSettings"),
      "api-throttling",
    ],
    [
      "logs none of the API's requests",
      at("aws:apigatewayv2/stage:Stage", "api").without("accessLogSettings"),
      "api-access-log",
    ],
    [
      "leaves the API's back door open",
      at("aws:apigatewayv2/api:Api", "api").set("disableExecuteApiEndpoint", false),
      "api-one-way-in",
    ],
    [
      "lets the API speak TLS 1.0",
      at("aws:apigatewayv2/domainName:DomainName", "api").set("domainNameConfiguration.securityPolicy", "TLS_1_0"),
      "api-tls",
    ],
  ],
};
