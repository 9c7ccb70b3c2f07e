/** Autoscaling → Application Auto Scaling, target tracking. */
import { storeOfTopic } from "../../platform/model/lookup.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Autoscaling, Metric, Model, Service, Worker } from "../../platform/model/types.ts";
import type { MetricQuery, Scaling, ScalingPolicy } from "./forms.ts";

export function scaling(workload: Service | Worker, autoscaling: Autoscaling, model: Model): Scaling {
  return {
    serviceNamespace: "ecs",
    scalableDimension: "ecs:service:DesiredCount",
    minCapacity: autoscaling.min,
    maxCapacity: autoscaling.max,
    policies: autoscaling.on.map((metric) => policy(workload, metric, autoscaling, model)),
  };
}

function policy(
  workload: Service | Worker,
  metric: Metric,
  { out, in: inward }: Autoscaling,
  model: Model,
): ScalingPolicy {
  const configuration = { scaleOutCooldown: out, scaleInCooldown: inward };
  const named = (suffix: string) =>
    ({ policyName: `${workload.name}-${suffix}`, policyType: "TargetTrackingScaling" }) as const;
  if ("cpu" in metric) {
    return {
      ...named("cpu"),
      targetTrackingScalingPolicyConfiguration: {
        targetValue: metric.cpu,
        ...configuration,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      },
    };
  }
  if ("memory" in metric) {
    return {
      ...named("memory"),
      targetTrackingScalingPolicyConfiguration: {
        targetValue: metric.memory,
        ...configuration,
        predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageMemoryUtilization" },
      },
    };
  }
  const backlog = "lag" in metric ? lagQuery(metric, model) : depthQuery(metric.depth.name);
  return {
    ...named("lag" in metric ? `lag-${metric.lag.name.replaceAll(".", "-")}` : `depth-${metric.depth.name}`),
    targetTrackingScalingPolicyConfiguration: {
      targetValue: metric.perReplica,
      ...configuration,
      customizedMetricSpecification: { metrics: perTask(backlog, workload, model) },
    },
  };
}

type Stat = NonNullable<MetricQuery["metricStat"]>;

function lagQuery(metric: Extract<Metric, { lag: unknown }>, model: Model): Stat {
  const store = storeOfTopic(metric.lag.name, model);
  return {
    stat: "Average",
    metric: {
      namespace: "AWS/Kafka",
      metricName: "SumOffsetLag",
      dimensions: [
        { name: "Cluster Name", value: placeholder("store", store, "clusterName") },
        { name: "Consumer Group", value: metric.group },
        { name: "Topic", value: metric.lag.name },
      ],
    },
  };
}

function depthQuery(queue: string): Stat {
  return {
    stat: "Average",
    metric: {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: [{ name: "QueueName", value: placeholder("queue", queue, "name") }],
    },
  };
}

/** Backlog divided by the running tasks, of which there is at least one by `minCapacity`. */
function perTask(backlog: Stat, workload: Service | Worker, model: Model): readonly MetricQuery[] {
  return [
    { id: "backlog", returnData: false, metricStat: backlog },
    {
      id: "running",
      returnData: false,
      metricStat: {
        stat: "Average",
        metric: {
          namespace: "ECS/ContainerInsights",
          metricName: "RunningTaskCount",
          dimensions: [
            { name: "ClusterName", value: placeholder("cluster", model.project, "name") },
            { name: "ServiceName", value: workload.name },
          ],
        },
      },
    },
    { id: "perTask", label: "backlog per task", expression: "backlog / running", returnData: true },
  ];
}
