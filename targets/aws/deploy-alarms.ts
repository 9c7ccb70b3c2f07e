/** Alarms of a routed service. On ECS a rollout during which one goes off is rolled back; on EKS they wake somebody. */
import type * as aws from "@pulumi/aws";
import { createAlarm } from "../../platform/foundation/index.ts";
import type { Route } from "../alb/index.ts";
import type { AwsContext } from "./deploy-context.ts";

/** Server errors a minute, for three minutes in a row. */
const ERRORS = 10;
const MINUTES = 3;

/** Of the target group, not of the load balancer: the other side's errors are not this one's. */
export function createServiceAlarms(
  route: Route,
  { foundation, nameOf, tags }: AwsContext,
): readonly aws.cloudwatch.MetricAlarm[] {
  const { alarmTopic, edge } = foundation;
  const dimensions = { LoadBalancer: edge.entryOf(route.service).arnSuffix, TargetGroup: route.targetGroupSuffix };
  return (
    [
      ["HTTPCode_Target_5XX_Count", "5xx", "answers with errors"],
      // Counted by the load balancer where a target answers nothing at all.
      ["TargetConnectionErrorCount", "connections", "does not take connections"],
    ] as const
  ).map(([metricName, suffix, what]) =>
    createAlarm(
      `${nameOf(route.service)}-${suffix}`,
      {
        namespace: "AWS/ApplicationELB",
        metricName,
        dimensions,
        statistic: "Sum",
        comparisonOperator: "GreaterThanThreshold",
        threshold: ERRORS,
        minutes: MINUTES,
        description: `${route.service} ${what}`,
      },
      alarmTopic,
      tags(route.service),
    ),
  );
}
