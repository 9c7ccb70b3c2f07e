/**
 * The cluster's nodes into the stores' and endpoints' groups. Any conformant cluster has no security group for a pod,
 * so the private subnets are admitted as a whole, and NetworkPolicies say which pod: a declared loss.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";

const HTTPS = 443;

export function admitCluster({ model, securityGroups, settings }: Foundation): readonly pulumi.Resource[] {
  const admit = (name: string, group: aws.ec2.SecurityGroup, port: number) =>
    settings.network.private.map(
      (cidrIpv4, zone) =>
        new aws.vpc.SecurityGroupIngressRule(`${name}-cluster-${zone}`, {
          securityGroupId: group.id,
          cidrIpv4,
          ipProtocol: "tcp",
          fromPort: port,
          toPort: port,
          description: "Pods of the cluster",
          tags: { project: settings.project, stack: settings.stack, service: "cluster" },
        }),
    );
  return [
    ...admit("endpoints", securityGroups.endpoints, HTTPS),
    ...model.stores.flatMap(({ name, port }) => {
      const group = securityGroups.stores[name];
      return group ? admit(`store-${name}`, group, port) : [];
    }),
  ];
}
