/** Compiled service → aws.ecs.Service. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { EcsContext } from "./deploy-context.ts";
import type { Service } from "./forms.ts";

/** Done when it is steady. What it depends on is gone only after it is. */
export function createService(
  name: string,
  form: Service,
  definition: aws.ecs.TaskDefinition,
  alarms: readonly aws.cloudwatch.MetricAlarm[],
  dependsOn: pulumi.Resource[],
  { fill, foundation, tags }: EcsContext,
): aws.ecs.Service {
  const byHand = foundation.settings.replicas[name] !== undefined;
  const deployment = form.deploymentConfiguration;
  return new aws.ecs.Service(
    name,
    {
      name: form.serviceName,
      cluster: fill(form.cluster),
      taskDefinition: definition.arn,
      desiredCount: form.desiredCount,
      capacityProviderStrategies: (form.capacityProviderStrategy ?? []).map(({ capacityProvider, weight, base }) => ({
        capacityProvider: capacityProvider ?? "",
        weight,
        base,
      })),
      platformVersion: form.platformVersion,
      availabilityZoneRebalancing: form.availabilityZoneRebalancing,
      placementConstraints: form.placementConstraints?.map(({ type = "memberOf", expression }) => ({
        type,
        expression: fill(expression),
      })),
      orderedPlacementStrategies: form.placementStrategy?.map(({ type = "spread", field }) => ({ type, field })),
      deploymentMinimumHealthyPercent: deployment?.minimumHealthyPercent,
      deploymentMaximumPercent: deployment?.maximumPercent,
      deploymentCircuitBreaker: {
        enable: deployment?.deploymentCircuitBreaker?.enable ?? true,
        rollback: deployment?.deploymentCircuitBreaker?.rollback ?? true,
      },
      ...(alarms.length > 0
        ? { alarms: { enable: true, rollback: true, alarmNames: alarms.map((alarm) => alarm.name) } }
        : {}),
      networkConfiguration: network(form.networkConfiguration?.awsvpcConfiguration, fill),
      loadBalancers: form.loadBalancers?.map(({ targetGroupArn, containerName = "", containerPort = 0 }) => ({
        targetGroupArn: fill(targetGroupArn),
        containerName,
        containerPort,
      })),
      healthCheckGracePeriodSeconds: form.healthCheckGracePeriodSeconds,
      ...serviceConnect(form),
      enableEcsManagedTags: form.enableECSManagedTags,
      propagateTags: form.propagateTags,
      enableExecuteCommand: form.enableExecuteCommand,
      waitForSteadyState: true,
      tags: tags(name),
    },
    // From its creation on, autoscaling owns the count, unless it goes by hand.
    { dependsOn, ignoreChanges: byHand ? [] : ["desiredCount"] },
  );
}

type Awsvpc = NonNullable<Service["networkConfiguration"]>["awsvpcConfiguration"];

function network(form: Awsvpc, fill: EcsContext["fill"]) {
  return {
    subnets: (form?.subnets ?? []).map(fill),
    securityGroups: (form?.securityGroups ?? []).map(fill),
    assignPublicIp: form?.assignPublicIp === "ENABLED",
  };
}

function serviceConnect({ serviceConnectConfiguration: form }: Service) {
  if (!form) return {};
  return {
    serviceConnectConfiguration: {
      enabled: form.enabled ?? true,
      namespace: form.namespace,
      services: form.services?.map(({ portName = "", discoveryName, clientAliases = [] }) => ({
        portName,
        discoveryName,
        clientAlias: clientAliases.map(({ dnsName, port = 0 }) => ({ dnsName, port })),
      })),
    },
  };
}
