/** Types of AWS that cost nothing by themselves, or by use alone. What is neither here nor priced has a price unknown. */

/** @source AWS pricing pages of each service, 2026-07: no fee for keeping one, at most for what passes through */
const WHOLE_MODULES = ["acm", "apigatewayv2", "appautoscaling", "cloudfront", "dlm", "ecr", "iam", "s3", "sns", "sqs"];

const TYPES: Readonly<Record<string, readonly string[]>> = {
  cloudwatch: [
    ...["eventRule", "eventTarget", "logDelivery", "logDeliveryDestination", "logDeliverySource"],
    ...["logGroup", "logMetricFilter", "logResourcePolicy"],
  ],
  ec2: [
    ...["defaultSecurityGroup", "flowLog", "internetGateway", "launchTemplate", "networkAcl", "placementGroup"],
    ...["route", "routeTable", "routeTableAssociation", "securityGroup", "subnet", "volumeAttachment", "vpc"],
  ],
  ecs: ["capacityProvider", "cluster", "clusterCapacityProviders", "service"],
  eks: ["accessEntry", "accessPolicyAssociation", "addon", "podIdentityAssociation"],
  elasticache: ["parameterGroup", "subnetGroup"],
  kms: ["alias", "keyPolicy"],
  lambda: ["function", "invocation", "permission"],
  lb: ["listener", "listenerCertificate", "listenerRule", "targetGroup", "targetGroupAttachment"],
  msk: ["configuration", "topic"],
  rds: ["parameterGroup", "proxyDefaultTargetGroup", "proxyTarget", "subnetGroup"],
  route53: ["record", "resolverQueryLogConfig", "resolverQueryLogConfigAssociation"],
  secretsmanager: ["secretPolicy", "secretRotation", "secretVersion"],
  servicediscovery: ["httpNamespace", "service"],
  vpc: ["securityGroupEgressRule", "securityGroupIngressRule"],
  wafv2: ["ipSet", "webAclAssociation", "webAclLoggingConfiguration"],
};

/** `aws:ec2/subnet:Subnet`. */
export function isUnbilled(type: string): boolean {
  const [, module = "", name = ""] = /^aws:([^/:]+)\/([^:]+):/.exec(type) ?? [];
  return WHOLE_MODULES.includes(module) || (TYPES[module]?.includes(name) ?? false);
}
