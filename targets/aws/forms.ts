/**
 * What stands around a workload on AWS, whichever platform runs it. The field names are the APIs' own in camelCase.
 */

/** Elastic Load Balancing v2. */
export interface TargetGroup {
  readonly name: string;
  readonly port: number;
  readonly protocol: "HTTP";
  readonly targetType: "ip";
  readonly healthCheckPath: string;
  readonly healthCheckIntervalSeconds: number;
  readonly healthCheckTimeoutSeconds: number;
  readonly healthyThresholdCount: number;
  readonly unhealthyThresholdCount: number;
  readonly matcher: { readonly httpCode: string };
  readonly attributes: readonly { readonly key: string; readonly value: string }[];
  /** The listener rule's path patterns. */
  readonly pathPatterns: readonly string[];
}

/** EC2. */
export interface SecurityGroupRule {
  readonly ipProtocol: "tcp" | "udp";
  readonly fromPort: number;
  readonly toPort: number;
  readonly referencedSecurityGroupId?: string;
  readonly prefixListId?: string;
  readonly cidrIpv4?: string;
}

export interface SecurityGroup {
  readonly groupName: string;
  readonly description: string;
  readonly ingress: readonly SecurityGroupRule[];
  readonly egress: readonly SecurityGroupRule[];
}

/** What a workload has on either platform. */
export interface AwsUnit {
  readonly securityGroup: SecurityGroup;
  readonly targetGroup?: TargetGroup;
}
