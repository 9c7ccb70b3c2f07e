/** What only ECS refuses. */
import type { Problem, Seconds, Workload } from "../../platform/model/types.ts";
import { pathOf } from "../../platform/model/paths.ts";
import type { Settings } from "../../platform/settings.ts";
import { within as withinRange, type Range } from "../aws/limits.ts";
import { onFargate } from "./sizing.ts";

/** @source ECS API reference, HealthCheck, 2026-11 */
const HEALTH = {
  interval: { min: 5, max: 300, unit: "s" },
  timeout: { min: 2, max: 60, unit: "s" },
  failures: { min: 1, max: 10, unit: "failures" },
  grace: { min: 0, max: 300, unit: "s" },
} as const satisfies Record<string, Range>;

/** @source ELBv2 API reference, target group attributes, 2026-11 */
const DRAIN: Range = { min: 0, max: 3600, unit: "s" };
/** @source ECS API reference, ContainerDefinition.stopTimeout, 2026-11 */
const FARGATE_STOP: Seconds = 120;
/** @source AWS docs, "Fargate task ephemeral storage", 2026-11 */
const FARGATE_DISK: Range = { min: 21, max: 200, unit: "GiB" };

/** Problems of one workload on ECS, sizes apart (sizing.ts). */
export function ecsLimits(workload: Workload, settings: Settings): readonly Problem[] {
  const { shutdown, compute } = workload;
  const problems = [
    ...capacity(workload, settings),
    ...within(workload, "shutdown.drain", shutdown.drain, DRAIN, "the load balancer's deregistration delay"),
  ];
  if (onFargate(workload)) {
    if (shutdown.stopTimeout > FARGATE_STOP) {
      problems.push({
        code: "fargate-stop-timeout",
        path: pathOf(workload, "shutdown", "stopTimeout"),
        found: `${shutdown.stopTimeout} s`,
        allowed: `at most ${FARGATE_STOP} s: Fargate kills a task then`,
      });
    }
    const { ephemeral } = compute.on;
    if (ephemeral !== undefined) {
      problems.push(
        ...within(
          workload,
          "compute.on.ephemeral",
          ephemeral,
          FARGATE_DISK,
          "a Fargate task's disk, or nothing for 20 GiB",
        ),
      );
    }
  }
  if (workload.kind !== "job") {
    const { live, grace } = workload.probes;
    problems.push(
      ...within(workload, "probes.live.interval", live.interval, HEALTH.interval, "a container health check"),
      ...within(workload, "probes.live.timeout", live.timeout, HEALTH.timeout, "a container health check"),
      ...within(workload, "probes.live.failures", live.failures, HEALTH.failures, "a container health check"),
      ...within(workload, "probes.grace", grace, HEALTH.grace, "a container health check's start period"),
    );
  } else if ("queue" in workload.trigger) {
    problems.push(queueTrigger(workload));
  }
  if (workload.kind === "job") problems.push(...calls(workload));
  return problems;
}

/** Phase 1 is Fargate alone; what needs hardware of its own needs phase 2. */
function capacity(workload: Workload, { ecs }: Settings): readonly Problem[] {
  if (onFargate(workload)) return [];
  const { pool } = workload.compute.on;
  const problems: Problem[] = [];
  if (!ecs.ec2) {
    problems.push({
      code: "fargate-hardware",
      path: pathOf(workload, "compute", "on"),
      found: pool === "gpu" ? "a GPU" : `the ${pool} pool`,
      allowed: "the general pool while settings.ecs.ec2 is false: Fargate has neither GPUs nor a choice of hardware",
    });
  }
  if (workload.compute.architecture === "arm64") {
    problems.push({
      code: "ec2-architecture",
      path: pathOf(workload, "compute", "architecture"),
      found: "arm64",
      allowed: "x86_64, which the pools' machines and their images are",
    });
  }
  return problems;
}

/** A task that belongs to no service knows none of Service Connect's names. */
function calls(workload: Workload): readonly Problem[] {
  return workload.uses.flatMap(({ to }, index) =>
    to.kind === "service"
      ? [
          {
            code: "job-calls-service",
            path: pathOf(workload, "uses", String(index)),
            found: `a call of ${to.name}`,
            allowed: "a queue, a topic or a store: Service Connect joins services only",
          },
        ]
      : [],
  );
}

function queueTrigger(workload: Workload): Problem {
  return {
    code: "queue-trigger",
    path: pathOf(workload, "trigger"),
    found: "queue",
    allowed: "schedule or before: rollout",
  };
}

function within(workload: Workload, field: string, value: number, range: Range, of: string): readonly Problem[] {
  return withinRange(workload, field, value, range, { code: "ecs-range", of });
}
