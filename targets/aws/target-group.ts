/** Public paths → a target group. A side has its own: in a shared one each would remove the other's targets. */
import type { Model, Service } from "../../platform/model/types.ts";
import type { TargetGroup } from "./forms.ts";

/**
 * A load balancer's view is the same on either side: its checks, its deregistration delay, its paths. It asks the
 * shallow path: failures replace ECS tasks and take traffic from pods, and a database outage must do neither.
 */
export function targetGroup(
  side: "ecs" | "eks",
  workload: Service,
  paths: readonly string[],
  { prefix }: Model,
): TargetGroup {
  const { live, ready } = workload.probes;
  return {
    name: `${prefix}-${workload.slug}-${side}`,
    port: workload.port.number,
    protocol: "HTTP",
    targetType: "ip",
    healthCheckPath: live.path,
    healthCheckIntervalSeconds: ready.interval,
    healthCheckTimeoutSeconds: ready.timeout,
    healthyThresholdCount: 2,
    unhealthyThresholdCount: ready.failures,
    matcher: { httpCode: "200" },
    attributes: [
      { key: "deregistration_delay.timeout_seconds", value: String(workload.shutdown.drain) },
      { key: "stickiness.enabled", value: "false" },
    ],
    pathPatterns: paths,
  };
}
