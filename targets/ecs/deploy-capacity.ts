/**
 * EC2 capacity for what Fargate cannot run: a pool for each way in which hardware is bought, which grows from nothing
 * as tasks ask for it. Instances sit in the private subnets and take their credentials by IMDSv2 only.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust } from "../../platform/foundation/index.ts";
import type { Workload } from "../../platform/model/types.ts";
import type { EcsContext } from "./deploy-context.ts";
import { capacityProvider } from "./names.ts";
import { onFargate } from "./sizing.ts";

/** @source EC2 instance types: g5.xlarge 1 × A10G, p4d.24xlarge 8 × A100, read 2026-11 */
const GPU_TYPES = { a10g: ["g5.xlarge", "g5.2xlarge"], a100: ["p4d.24xlarge"] } as const;
const TYPES = { general: ["m7i.large"], memory: ["r7i.xlarge"], iops: ["i4i.xlarge"] } as const;
/** Most instances of a pool; the stack's ceiling on GPUs and vCPU is what the policies hold it to. */
const MOST_INSTANCES = 4;
const ROOT_GIB = 100;

/** A provider for each pool that a workload asks for, once each. */
export function createPools(context: EcsContext, cluster: aws.ecs.Cluster): readonly aws.ecs.CapacityProvider[] {
  const { model } = context.foundation;
  const pools = new Map(
    model.workloads.filter((each) => !onFargate(each)).map((each) => [capacityProvider(model.project, each), each]),
  );
  if (pools.size === 0) return [];
  const machine = instanceIdentity(context);
  return [...pools]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, example]) => createPool(name, example, machine, context, cluster));
}

interface Machine {
  readonly profile: aws.iam.InstanceProfile;
  readonly group: aws.ec2.SecurityGroup;
}

/** What the agent may do; tasks have roles of their own. */
function instanceIdentity({ foundation, tags }: EcsContext): Machine {
  const role = new aws.iam.Role("instances", { assumeRolePolicy: trust("ec2.amazonaws.com"), tags: tags("instances") });
  new aws.iam.RolePolicyAttachment("instances", {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role",
  });
  const group = new aws.ec2.SecurityGroup("instances", {
    vpcId: foundation.network.vpcId,
    description: "ECS instances: their agent calls AWS, nobody calls them",
    tags: tags("instances"),
  });
  new aws.vpc.SecurityGroupEgressRule("instances-https", {
    securityGroupId: group.id,
    cidrIpv4: "0.0.0.0/0",
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "The ECS agent",
    tags: tags("instances"),
  });
  // The agent pulls images and writes logs through the interface endpoints.
  new aws.vpc.SecurityGroupIngressRule("endpoints-instances", {
    securityGroupId: foundation.securityGroups.endpoints.id,
    referencedSecurityGroupId: group.id,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "The ECS agent",
    tags: tags("instances"),
  });
  return { profile: new aws.iam.InstanceProfile("instances", { role: role.name, tags: tags("instances") }), group };
}

function createPool(
  name: string,
  { compute: { on, purchase } }: Workload,
  { profile, group }: Machine,
  { foundation, tags }: EcsContext,
  cluster: aws.ecs.Cluster,
): aws.ecs.CapacityProvider {
  const types: readonly string[] = on.pool === "gpu" ? GPU_TYPES[on.gpu] : TYPES[on.pool];
  const pool = tags(name);
  const together = on.pool === "gpu" && on.gpu === "a100";
  const template = new aws.ec2.LaunchTemplate(name, {
    imageId: imageOf(on.pool === "gpu"),
    iamInstanceProfile: { arn: profile.arn },
    vpcSecurityGroupIds: [group.id],
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    monitoring: { enabled: true },
    blockDeviceMappings: [
      { deviceName: "/dev/xvda", ebs: { volumeSize: ROOT_GIB, volumeType: "gp3", encrypted: "true" } },
    ],
    userData: cluster.name.apply((clusterName) => userData(clusterName, on.pool === "gpu")),
    tags: pool,
  });
  const scalingGroup = new aws.autoscaling.Group(
    name,
    {
      ...placed(name, together, foundation.network.privateSubnets, pool),
      minSize: 0,
      maxSize: MOST_INSTANCES,
      protectFromScaleIn: true,
      // Protected instances would keep the group from ever being deleted.
      forceDelete: true,
      mixedInstancesPolicy: {
        launchTemplate: {
          launchTemplateSpecification: {
            launchTemplateId: template.id,
            version: pulumi.interpolate`${template.latestVersion}`,
          },
          overrides: types.map((instanceType) => ({ instanceType })),
        },
        instancesDistribution: {
          onDemandPercentageAboveBaseCapacity: purchase === "spot" ? 0 : 100,
          spotAllocationStrategy: "price-capacity-optimized",
        },
      },
      tags: Object.entries({ Name: name, AmazonECSManaged: "true", ...pool }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    },
    { ignoreChanges: ["desiredCapacity"] },
  );
  return new aws.ecs.CapacityProvider(name, {
    name,
    autoScalingGroupProvider: {
      autoScalingGroupArn: scalingGroup.arn,
      managedScaling: { status: "ENABLED", targetCapacity: 100 },
      managedTerminationProtection: "ENABLED",
      managedDraining: "ENABLED",
    },
    tags: pool,
  });
}

/**
 * Large GPU machines stand together (cluster placement group: the fastest network between them), and a group is in one
 * zone. Everything else is spread over the zones.
 */
function placed(name: string, together: boolean, subnets: readonly aws.ec2.Subnet[], tags: Record<string, string>) {
  const zones = together ? subnets.slice(0, 1) : subnets;
  const vpcZoneIdentifiers = zones.map(({ id }) => id);
  if (!together) return { vpcZoneIdentifiers };
  return { vpcZoneIdentifiers, placementGroup: new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags }).name };
}

/** EC2 looks the image up when it starts an instance, so a second run of the program finds no change. */
function imageOf(gpu: boolean): string {
  return `resolve:ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/${gpu ? "gpu/" : ""}recommended/image_id`;
}

function userData(cluster: string, gpu: boolean): string {
  const lines = [
    "#!/bin/bash",
    "cat >> /etc/ecs/ecs.config <<'CONFIG'",
    `ECS_CLUSTER=${cluster}`,
    "ECS_ENABLE_SPOT_INSTANCE_DRAINING=true",
    "ECS_ENABLE_TASK_IAM_ROLE=true",
    "ECS_AWSVPC_BLOCK_IMDS=true",
    ...(gpu ? ["ECS_ENABLE_GPU_SUPPORT=true"] : []),
    "CONFIG",
  ];
  return Buffer.from(`${lines.join("\n")}\n`).toString("base64");
}
