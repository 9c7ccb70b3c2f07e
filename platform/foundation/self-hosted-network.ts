/** What an instance of a self-hosted store needs beyond its clients: its own kind, AWS's endpoints, and images. */
import * as aws from "@pulumi/aws";
import type { StorePlace } from "./store.ts";

const HTTPS = 443;

/** Standalone rules on the store's group; clients' rules are the workloads' own. */
export function openMachines({
  context,
  group,
  endpoints,
  store,
}: StorePlace): readonly aws.vpc.SecurityGroupEgressRule[] {
  const name = `store-${store.name}`;
  const tcp = (port: number, description: string) => ({
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    description,
    tags: context.tags(name),
  });
  new aws.vpc.SecurityGroupIngressRule(`${name}-endpoints`, {
    ...tcp(HTTPS, `Instances of ${store.name}`),
    securityGroupId: endpoints.id,
    referencedSecurityGroupId: group.id,
  });
  return [
    // Images, packages and the APIs of SSM and ACM, by the NAT gateway; nothing comes in that way.
    new aws.vpc.SecurityGroupEgressRule(`${name}-https`, {
      ...tcp(HTTPS, "Images, packages, AWS"),
      securityGroupId: group.id,
      cidrIpv4: "0.0.0.0/0",
    }),
    ...(store.kind === "redis" ? [replication(`${name}-within`, group, tcp(store.port, "Replication"))] : []),
  ];
}

function replication(
  name: string,
  group: aws.ec2.SecurityGroup,
  rule: Pick<aws.vpc.SecurityGroupEgressRuleArgs, "ipProtocol" | "fromPort" | "toPort" | "description"> & {
    ipProtocol: string;
  },
): aws.vpc.SecurityGroupEgressRule {
  const within = { ...rule, securityGroupId: group.id, referencedSecurityGroupId: group.id };
  new aws.vpc.SecurityGroupIngressRule(name, within);
  return new aws.vpc.SecurityGroupEgressRule(name, within);
}
