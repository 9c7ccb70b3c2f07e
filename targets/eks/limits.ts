/** What only EKS refuses. */
import { lookup } from "../../platform/model/lookup.ts";
import { pathOf } from "../../platform/model/paths.ts";
import type { Model, Problem, Service, Workload } from "../../platform/model/types.ts";
import { within, type Owner, type Range } from "../aws/limits.ts";
import { nameLimits } from "../kubernetes/limits.ts";

/** @source ELBv2 API reference, CreateTargetGroup and target group attributes, 2026-11 */
const TARGET_GROUP = {
  interval: { min: 5, max: 300, unit: "s" },
  timeout: { min: 2, max: 120, unit: "s" },
  failures: { min: 2, max: 10, unit: "failures" },
  drain: { min: 0, max: 3600, unit: "s" },
} as const satisfies Record<string, Range>;

const OWNER: Owner = { code: "target-group-range", of: "the load balancer's target group" };

/** Problems of one workload on EKS. */
export function eksLimits(workload: Workload, model: Model): readonly Problem[] {
  return [
    ...nameLimits(workload),
    ...idleReplicas(workload, model),
    ...(workload.kind === "service" && workload.route ? targetGroupLimits(workload) : []),
  ];
}

/** KEDA stops at as many replicas as a topic has partitions; a higher maximum would be a promise that nobody keeps. */
function idleReplicas(workload: Workload, model: Model): readonly Problem[] {
  if (workload.kind === "job" || !("on" in workload.scaling)) return [];
  const { max, on } = workload.scaling;
  return on.flatMap((metric) => {
    if (!("lag" in metric)) return [];
    const partitions = lookup(model).topics.get(metric.lag.name)?.partitions;
    if (partitions === undefined || max <= partitions) return [];
    return [
      {
        code: "replicas-above-partitions",
        path: pathOf(workload, "scaling", "max"),
        found: `${max} replicas`,
        allowed: `at most ${partitions}: ${metric.lag.name} has ${partitions} partitions, and a replica more reads nothing`,
      },
    ];
  });
}

function targetGroupLimits(workload: Service): readonly Problem[] {
  const { interval, timeout, failures } = workload.probes.ready;
  return [
    ...within(workload, "probes.ready.interval", interval, TARGET_GROUP.interval, OWNER),
    ...within(workload, "probes.ready.timeout", timeout, TARGET_GROUP.timeout, OWNER),
    ...within(workload, "probes.ready.failures", failures, TARGET_GROUP.failures, OWNER),
    ...within(workload, "shutdown.drain", workload.shutdown.drain, TARGET_GROUP.drain, OWNER),
  ];
}
