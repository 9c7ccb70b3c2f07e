/** What the network rules are about: reach, ways in, and what stands before them. */
import type * as aws from "@pulumi/aws";
import { ofType, type Given, type Plain } from "../framework/given.ts";
import type { Graph } from "../framework/graph.ts";

export const securityGroups = ofType<aws.ec2.SecurityGroupArgs>("aws:ec2/securityGroup:SecurityGroup");
export const ingressRules = ofType<aws.vpc.SecurityGroupIngressRuleArgs>(
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
);
export const egressRules = ofType<aws.vpc.SecurityGroupEgressRuleArgs>(
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
);
export const defaultGroups = ofType<aws.ec2.DefaultSecurityGroupArgs>(
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
);
export const subnets = ofType<aws.ec2.SubnetArgs>("aws:ec2/subnet:Subnet");
export const networkAcls = ofType<aws.ec2.NetworkAclArgs>("aws:ec2/networkAcl:NetworkAcl");
export const flowLogs = ofType<aws.ec2.FlowLogArgs>("aws:ec2/flowLog:FlowLog");
export const queryLogs = ofType<aws.route53.ResolverQueryLogConfigAssociationArgs>(
  "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
);
export const endpoints = ofType<aws.ec2.VpcEndpointArgs>("aws:ec2/vpcEndpoint:VpcEndpoint");

/** Made by the component, or alone. */
export const vpcs = { types: ["awsx:ec2:Vpc", "aws:ec2/vpc:Vpc"] };

export const balancers = ofType<aws.lb.LoadBalancerArgs>("aws:lb/loadBalancer:LoadBalancer");
export const listeners = ofType<aws.lb.ListenerArgs>("aws:lb/listener:Listener");
export const listenerRules = ofType<aws.lb.ListenerRuleArgs>("aws:lb/listenerRule:ListenerRule");
export const targetGroups = ofType<aws.lb.TargetGroupArgs>("aws:lb/targetGroup:TargetGroup");

export const httpApis = ofType<aws.apigatewayv2.ApiArgs>("aws:apigatewayv2/api:Api");
export const apiStages = ofType<aws.apigatewayv2.StageArgs>("aws:apigatewayv2/stage:Stage");
export const apiRoutes = ofType<aws.apigatewayv2.RouteArgs>("aws:apigatewayv2/route:Route");
export const apiDomains = ofType<aws.apigatewayv2.DomainNameArgs>("aws:apigatewayv2/domainName:DomainName");
export const apiMappings = ofType<aws.apigatewayv2.ApiMappingArgs>("aws:apigatewayv2/apiMapping:ApiMapping");

export const distributions = ofType<aws.cloudfront.DistributionArgs>("aws:cloudfront/distribution:Distribution");
export const logSources = ofType<aws.cloudwatch.LogDeliverySourceArgs>(
  "aws:cloudwatch/logDeliverySource:LogDeliverySource",
);
export const logDeliveries = ofType<aws.cloudwatch.LogDeliveryArgs>("aws:cloudwatch/logDelivery:LogDelivery");

export const webAcls = ofType<aws.wafv2.WebAclArgs>("aws:wafv2/webAcl:WebAcl");
export const webAclAssociations = ofType<aws.wafv2.WebAclAssociationArgs>(
  "aws:wafv2/webAclAssociation:WebAclAssociation",
);
export const webAclLogs = ofType<aws.wafv2.WebAclLoggingConfigurationArgs>(
  "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
);

export type SecurityGroupRule = Plain<aws.vpc.SecurityGroupIngressRuleArgs>;
export type Action = Given<aws.types.output.lb.ListenerRuleAction>;

const ANYWHERE: readonly string[] = ["0.0.0.0/0", "::/0"];

/** The whole internet, in either of its two spellings. */
export function anywhere(cidr: string | undefined): boolean {
  return cidr !== undefined && ANYWHERE.includes(cidr);
}

/** A component and the VPC that it makes are one: so many networks does a stack have. */
export function networksOf(graph: Graph): number {
  const counts = vpcs.types.map((type) => graph.resources.filter((resource) => resource.type === type).length);
  return Math.max(...counts);
}
