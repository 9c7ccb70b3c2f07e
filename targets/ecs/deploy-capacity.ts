/**
 * EC2 capacity for what Fargate cannot run: groups of machines that grow from nothing as tasks ask for them. Destroyed
 * in the order services, association with the cluster, provider, group, for each waits for the one before.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import type { EcsContext } from "./deploy-context.ts";
import { createTemplate, instanceIdentity, type Machine } from "./deploy-instances.ts";
import { pools, type Pool } from "./pools.ts";

/** How long a new instance takes to register. */
const WARM_UP_SECONDS = 300;

/** A provider for each pool that a workload asks for, once each. */
export function createPools(context: EcsContext, cluster: aws.ecs.Cluster): readonly aws.ecs.CapacityProvider[] {
  const wanted = pools(context.foundation.model);
  if (wanted.length === 0) return [];
  const machine = instanceIdentity(context);
  return wanted.map((pool) => createProvider(pool, createGroup(pool, machine, context, cluster), context));
}

function createGroup(
  pool: Pool,
  machine: Machine,
  context: EcsContext,
  cluster: aws.ecs.Cluster,
): aws.autoscaling.Group {
  const { foundation, tags } = context;
  const template = createTemplate(pool, machine, context, cluster);
  // A number that changes with the template: `$Latest` would keep a new image from showing in a preview.
  const version = template.latestVersion.apply(String);
  return new aws.autoscaling.Group(
    pool.name,
    {
      ...placed(pool, foundation, tags(pool.name)),
      ...bought(pool, template, version),
      minSize: 0,
      maxSize: pool.mostInstances,
      // What managed termination protection needs: an instance goes only when it is empty.
      protectFromScaleIn: true,
      // Protected instances would keep the group from ever being deleted.
      forceDelete: true,
      // ECS adds the last one itself, and would be undone by each run that does not know it.
      tags: Object.entries({ ...tags(pool.name), Name: pool.name, AmazonECSManaged: "true" }).map(([key, value]) => ({
        key,
        value,
        propagateAtLaunch: true,
      })),
    },
    // The provider decides how many there are.
    { ignoreChanges: ["desiredCapacity"], dependsOn: [...machine.permissions, ...foundation.ready] },
  );
}

function createProvider(
  { name, mostInstances }: Pool,
  group: aws.autoscaling.Group,
  { tags }: EcsContext,
): aws.ecs.CapacityProvider {
  return new aws.ecs.CapacityProvider(name, {
    name,
    autoScalingGroupProvider: {
      autoScalingGroupArn: group.arn,
      managedScaling: {
        status: "ENABLED",
        targetCapacity: 100,
        minimumScalingStepSize: 1,
        maximumScalingStepSize: mostInstances,
        instanceWarmupPeriod: WARM_UP_SECONDS,
      },
      managedTerminationProtection: "ENABLED",
      managedDraining: "ENABLED",
    },
    tags: tags(name),
  });
}

/** A cluster placement group is in one zone: the first, to which the compiled services are bound too. */
function placed({ name, together }: Pool, { network }: Foundation, tags: Record<string, string>) {
  const vpcZoneIdentifiers = network.privateSubnets.slice(0, together ? 1 : undefined).map(({ id }) => id);
  if (!together) return { vpcZoneIdentifiers };
  return { vpcZoneIdentifiers, placementGroup: new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags }).name };
}

/** On demand one type, which the template names; on spot whichever has the most to spare, for the fewest interruptions. */
function bought({ spot, types }: Pool, template: aws.ec2.LaunchTemplate, version: pulumi.Output<string>) {
  if (!spot) return { launchTemplate: { id: template.id, version } };
  return {
    mixedInstancesPolicy: {
      launchTemplate: {
        launchTemplateSpecification: { launchTemplateId: template.id, version },
        overrides: types.map(({ name }) => ({ instanceType: name })),
      },
      instancesDistribution: {
        onDemandBaseCapacity: 0,
        onDemandPercentageAboveBaseCapacity: 0,
        spotAllocationStrategy: "capacity-optimized",
      },
    },
  };
}
