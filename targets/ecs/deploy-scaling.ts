/** Compiled scaling → Application Auto Scaling. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EcsContext } from "./deploy-context.ts";
import type { MetricQuery, Scaling } from "./forms.ts";

export function createScaling(
  name: string,
  form: Scaling,
  service: aws.ecs.Service,
  cluster: aws.ecs.Cluster,
  { fill, tags }: EcsContext,
): void {
  const target = new aws.appautoscaling.Target(name, {
    serviceNamespace: form.serviceNamespace,
    scalableDimension: form.scalableDimension,
    resourceId: pulumi.interpolate`service/${cluster.name}/${service.name}`,
    minCapacity: form.minCapacity,
    maxCapacity: form.maxCapacity,
    ...(form.suspendedState ? { suspendedState: { ...form.suspendedState } } : {}),
    tags: tags(name),
  });
  for (const { policyName, policyType, targetTrackingScalingPolicyConfiguration: tracking } of form.policies) {
    const custom = tracking.customizedMetricSpecification;
    new aws.appautoscaling.Policy(policyName, {
      name: policyName,
      policyType,
      serviceNamespace: target.serviceNamespace,
      scalableDimension: target.scalableDimension,
      resourceId: target.resourceId,
      targetTrackingScalingPolicyConfiguration: {
        targetValue: tracking.targetValue,
        scaleOutCooldown: tracking.scaleOutCooldown,
        scaleInCooldown: tracking.scaleInCooldown,
        ...(tracking.predefinedMetricSpecification
          ? { predefinedMetricSpecification: { ...tracking.predefinedMetricSpecification } }
          : {}),
        ...(custom
          ? { customizedMetricSpecification: { metrics: custom.metrics.map((each) => query(each, fill)) } }
          : {}),
      },
    });
  }
}

function query({ id, label, expression, returnData, metricStat }: MetricQuery, fill: EcsContext["fill"]) {
  return {
    id,
    returnData,
    ...(label === undefined ? {} : { label }),
    ...(expression === undefined ? {} : { expression }),
    ...(metricStat === undefined
      ? {}
      : {
          metricStat: {
            stat: metricStat.stat,
            metric: {
              namespace: metricStat.metric.namespace,
              metricName: metricStat.metric.metricName,
              dimensions: metricStat.metric.dimensions.map(({ name, value }) => ({ name, value: fill(value) })),
            },
          },
        }),
  };
}
