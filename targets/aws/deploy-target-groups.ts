/** Compiled target groups, and the routes that lead to them. */
import * as aws from "@pulumi/aws";
import type { Route } from "../alb/index.ts";
import type { AwsContext } from "./deploy-context.ts";
import type { TargetGroup } from "./forms.ts";

/** A route for each workload that users reach. Tells `targetGroup.<name>.arn`. */
export function createRoutes(context: AwsContext): readonly Route[] {
  return Object.entries(context.compiled.units).flatMap(([service, { targetGroup }]) => {
    if (!targetGroup) return [];
    const group = createTargetGroup(service, targetGroup, context);
    return [
      {
        service,
        paths: targetGroup.pathPatterns,
        targetGroupArn: group.arn,
        listenerArn: context.foundation.edge.entryOf(service).listenerArn,
        targetGroupSuffix: group.arnSuffix,
      },
    ];
  });
}

function createTargetGroup(
  service: string,
  form: TargetGroup,
  { foundation, nameOf, tags, tell }: AwsContext,
): aws.lb.TargetGroup {
  const attributes = new Map(form.attributes.map(({ key, value }) => [key, value]));
  const group = new aws.lb.TargetGroup(nameOf(service), {
    name: form.name,
    vpcId: foundation.network.vpcId,
    port: form.port,
    protocol: form.protocol,
    targetType: form.targetType,
    deregistrationDelay: Number(attributes.get("deregistration_delay.timeout_seconds")),
    stickiness: { type: "lb_cookie", enabled: attributes.get("stickiness.enabled") === "true" },
    healthCheck: {
      path: form.healthCheckPath,
      interval: form.healthCheckIntervalSeconds,
      timeout: form.healthCheckTimeoutSeconds,
      healthyThreshold: form.healthyThresholdCount,
      unhealthyThreshold: form.unhealthyThresholdCount,
      matcher: form.matcher.httpCode,
    },
    tags: tags(service),
  });
  tell(`targetGroup.${service}.arn`, group.arn);
  return group;
}
