/** What a machine of a pool is: its image, its disk, what its agent may do. Tasks have roles and groups of their own. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { trust } from "../../platform/foundation/index.ts";
import type { EcsContext } from "./deploy-context.ts";
import type { Pool } from "./pools.ts";

export interface Machine {
  readonly profile: aws.iam.InstanceProfile;
  readonly group: aws.ec2.SecurityGroup;
  /** Without them an agent can not register, nor drain when its group is destroyed. */
  readonly permissions: readonly pulumi.Resource[];
}

export function instanceIdentity({ foundation, tags }: EcsContext): Machine {
  const role = new aws.iam.Role("instances", { assumeRolePolicy: trust("ec2.amazonaws.com"), tags: tags("instances") });
  const policy = new aws.iam.RolePolicyAttachment("instances", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
  });
  const group = new aws.ec2.SecurityGroup("instances", {
    vpcId: foundation.network.vpcId,
    description: "ECS instances: their agent calls AWS, nobody calls them",
    tags: tags("instances"),
  });
  const https = {
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "The ECS agent",
    tags: tags("instances"),
  };
  const outward = new aws.vpc.SecurityGroupEgressRule("instances-https", {
    ...https,
    securityGroupId: group.id,
    cidrIpv4: "0.0.0.0/0",
  });
  // The agent pulls images and writes logs through the interface endpoints.
  const inward = new aws.vpc.SecurityGroupIngressRule("endpoints-instances", {
    ...https,
    securityGroupId: foundation.securityGroups.endpoints.id,
    referencedSecurityGroupId: group.id,
  });
  return {
    profile: new aws.iam.InstanceProfile("instances", { role: role.name, tags: tags("instances") }),
    group,
    permissions: [policy, outward, inward],
  };
}

export function createTemplate(
  pool: Pool,
  { profile, group }: Machine,
  { foundation, tags }: EcsContext,
  cluster: aws.ecs.Cluster,
): aws.ec2.LaunchTemplate {
  const [{ name: instanceType }] = pool.types;
  return new aws.ec2.LaunchTemplate(pool.name, {
    // By id: a "latest" that moves by itself would change a second run. `compile` refuses a stack that has none.
    imageId: foundation.settings.machineImages[pool.image] ?? "",
    instanceType,
    iamInstanceProfile: { arn: profile.arn },
    networkInterfaces: [
      { deviceIndex: 0, associatePublicIpAddress: "false", deleteOnTermination: "true", securityGroups: [group.id] },
    ],
    // One hop: credentials of the machine end at the machine, and a container does not get them (EC2.8).
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    monitoring: { enabled: true },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: pool.rootVolume, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    userData: cluster.name.apply((clusterName) => userData(clusterName, pool)),
    tagSpecifications: [{ resourceType: "volume", tags: { ...tags(pool.name), Name: pool.name } }],
    tags: tags(pool.name),
  });
}

/** The agent's settings, in base64. @source ECS developer guide, "Amazon ECS container agent configuration", 2026-11 */
function userData(cluster: string, { image, spot }: Pool): string {
  const lines = [
    "#!/bin/bash",
    "cat >> /etc/ecs/ecs.config <<'CONFIG'",
    `ECS_CLUSTER=${cluster}`,
    "ECS_ENABLE_TASK_IAM_ROLE=true",
    "ECS_AWSVPC_BLOCK_IMDS=true",
    // At the two-minute notice no new task comes and each running one is told to stop.
    ...(spot ? ["ECS_ENABLE_SPOT_INSTANCE_DRAINING=true"] : []),
    ...(image === "gpu" ? ["ECS_ENABLE_GPU_SUPPORT=true"] : []),
    "CONFIG",
  ];
  return Buffer.from(`${lines.join("\n")}\n`).toString("base64");
}
