/** AWS APIs without the internet: S3 through a gateway, the rest through interfaces in the private subnets. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";

/** What starting a task, logging and our bindings call. */
const SERVICES = ["ecr.api", "ecr.dkr", "logs", "secretsmanager", "sns", "sqs", "sts"] as const;

export interface Endpoints {
  /** S3's public prefixes, which egress rules name. */
  readonly s3PrefixListId: pulumi.Output<string>;
  readonly all: readonly aws.ec2.VpcEndpoint[];
}

export function createEndpoints(
  { settings, tags }: Context,
  network: Network,
  securityGroup: aws.ec2.SecurityGroup,
): Endpoints {
  const s3 = new aws.ec2.VpcEndpoint("s3", {
    vpcId: network.vpcId,
    serviceName: `com.amazonaws.${settings.region}.s3`,
    vpcEndpointType: "Gateway",
    routeTableIds: network.routeTableIds,
    tags: tags("s3"),
  });
  const interfaces = SERVICES.map(
    (service) =>
      new aws.ec2.VpcEndpoint(service.replace(".", "-"), {
        vpcId: network.vpcId,
        serviceName: `com.amazonaws.${settings.region}.${service}`,
        vpcEndpointType: "Interface",
        privateDnsEnabled: true,
        subnetIds: network.privateSubnets.map(({ id }) => id),
        securityGroupIds: [securityGroup.id],
        tags: tags(service),
      }),
  );
  return { s3PrefixListId: s3.prefixListId, all: [s3, ...interfaces] };
}
