/**
 * Groups of what is shared: the edge, the endpoints, a group a store. They start closed but for the edge's public
 * ports; each side adds the rules that its own bindings need (standalone rules, which another stack's run never erases).
 */
import * as aws from "@pulumi/aws";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";

export interface SecurityGroups {
  readonly edge: aws.ec2.SecurityGroup;
  readonly endpoints: aws.ec2.SecurityGroup;
  /** By the store's name. */
  readonly stores: Readonly<Record<string, aws.ec2.SecurityGroup>>;
}

/** The only ports that the internet may knock at: HTTPS, and HTTP to be sent there. */
const PUBLIC_PORTS = [443, 80] as const;

export function createSecurityGroups(context: Context, network: Network): SecurityGroups {
  const { model, tags } = context;
  const group = (name: string, description: string) =>
    new aws.ec2.SecurityGroup(name, {
      vpcId: network.vpcId,
      description,
      tags: tags(name),
    });
  const edge = group("edge", "The load balancer");
  for (const port of PUBLIC_PORTS) {
    new aws.vpc.SecurityGroupIngressRule(`edge-${port}`, {
      securityGroupId: edge.id,
      cidrIpv4: "0.0.0.0/0",
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
      description: "Users",
      tags: tags(`edge-${port}`),
    });
  }
  const stores = Object.fromEntries(
    model.stores.map(({ name, kind, port }) => {
      const store = group(`store-${name}`, `The store ${name} (${kind})`);
      if (kind === "postgres") withinGroup(context, `store-${name}`, store, port);
      return [name, store];
    }),
  );
  return { edge, endpoints: group("endpoints", "AWS APIs by interface endpoints"), stores };
}

/** The database's proxy and the database share one group, and the proxy calls the database. */
function withinGroup({ tags }: Context, name: string, group: aws.ec2.SecurityGroup, port: number): void {
  const rule = {
    securityGroupId: group.id,
    referencedSecurityGroupId: group.id,
    ipProtocol: "tcp",
    fromPort: port,
    toPort: port,
    description: "Proxy to database",
    tags: tags(`${name}-within`),
  };
  new aws.vpc.SecurityGroupIngressRule(`${name}-within`, rule);
  new aws.vpc.SecurityGroupEgressRule(`${name}-within`, rule);
}
