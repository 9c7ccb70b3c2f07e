/** What the model wants of a workload, in the terms in which the readers say what it gets. */
import { DEFAULT_EPHEMERAL_GIB, logGroup, RUN_AS_USER, TEMPORARY_PATH } from "../../platform/conventions.ts";
import { imageReference } from "../../platform/images.ts";
import type { Behaviour, JobBehaviour, Reach, RolloutStep, ScalingBehaviour } from "../../platform/model/behaviour.ts";
import { taskStatements } from "../../platform/model/identity.ts";
import { reachOf, type Opening } from "../../platform/model/reach.ts";
import type { Autoscaling, Check, Job, Metric, Model, Rollout, Workload } from "../../platform/model/types.ts";
import { wire } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";

export function expected(workload: Workload, model: Model, settings: Settings): Behaviour {
  const { compute, shutdown } = workload;
  const { env, secrets } = wire(workload, model, ({ name, port }) => `workload://${name}:${port}`);
  const cpu = compute.cpu / 1024;
  const reach = reachOf(workload, model);
  return {
    name: workload.name,
    kind: workload.kind === "job" ? "job" : "longRunning",
    image: imageReference(workload.image, settings),
    command: workload.command ?? null,
    cpu,
    cpuCap: compute.cpuCap === "hard" ? cpu : null,
    memoryGuaranteed: compute.memory,
    memoryLimit: compute.memory,
    ephemeral: compute.on.ephemeral ?? DEFAULT_EPHEMERAL_GIB,
    sharedMemory: compute.on.pool === "gpu" ? (compute.on.sharedMemory ?? null) : null,
    gpus: compute.on.pool === "gpu" ? compute.on.gpus : 0,
    architecture: compute.architecture,
    ports: workload.kind === "job" ? [] : [workload.port.number],
    env,
    secrets,
    ...probes(workload),
    drain: shutdown.drain,
    stopTimeout: shutdown.stopTimeout,
    ...counts(workload),
    job: workload.kind === "job" ? job(workload) : null,
    identity: taskStatements(workload, model),
    accepts: grouped(reach.accepts),
    reaches: { ...grouped(reach.reaches), dns: [53] },
    routes: workload.kind === "service" ? (workload.route?.paths ?? []) : [],
    pool: compute.on.pool,
    gpuModel: compute.on.pool === "gpu" ? compute.on.gpu : null,
    purchase: compute.purchase,
    zones: workload.kind === "job" ? "any" : (workload.zones ?? "spread"),
    user: RUN_AS_USER,
    readOnlyRoot: true,
    privileged: false,
    capabilities: [],
    writablePaths: [TEMPORARY_PATH],
    logs: logGroup(model.project, workload.slug),
  };
}

function probes(workload: Workload): Pick<Behaviour, "liveness" | "readiness" | "startGrace" | "whenUnhealthy"> {
  if (workload.kind === "job") return { liveness: null, readiness: null, startGrace: 0, whenUnhealthy: null };
  const { live, ready, grace, port = workload.port.number } = workload.probes;
  const at = ({ path, interval, timeout, failures }: Check) => ({
    path,
    port,
    interval,
    timeout,
    failures,
  });
  return { liveness: at(live), readiness: at(ready), startGrace: grace, whenUnhealthy: "replaced" };
}

type Counts = Pick<Behaviour, "initialCount" | "scaling" | "rollout" | "rollsBack" | "evictedAtOnce">;

function counts(workload: Workload): Counts {
  if (workload.kind === "job")
    return { initialCount: null, scaling: null, rollout: [], rollsBack: false, evictedAtOnce: null };
  const { scaling, rollout } = workload;
  const fixed = "singleton" in scaling;
  const { min, desired, max } = fixed ? { min: 1, desired: 1, max: 1 } : scaling;
  const steps = Array.from({ length: max - min + 1 }, (_, index) => step(min + index, rollout));
  return {
    initialCount: desired,
    scaling: fixed ? null : scalingOf(scaling),
    rollout: steps,
    rollsBack: true,
    evictedAtOnce: steps[0] ? steps[0].count - steps[0].atLeast : 0,
  };
}

/** The model rounds as it promises: never fewer than the minimum, never more than the maximum. */
function step(count: number, rollout: Rollout): RolloutStep {
  if (rollout.strategy === "replaceOneByOne") return { count, atLeast: 0, atMost: count };
  return {
    count,
    atLeast: Math.ceil((count * rollout.minHealthy) / 100),
    atMost: Math.floor((count * rollout.max) / 100),
  };
}

function scalingOf({ min, max, out, in: inward, on }: Autoscaling): ScalingBehaviour {
  return { min, max, targets: Object.fromEntries(on.map(target)), outCooldown: out, inCooldown: inward };
}

function target(metric: Metric): readonly [string, number] {
  if ("cpu" in metric) return ["cpu", metric.cpu];
  if ("memory" in metric) return ["memory", metric.memory];
  if ("lag" in metric) return [`lag:${metric.lag.name}:${metric.group}`, metric.perReplica];
  return [`depth:${metric.depth.name}`, metric.perReplica];
}

function job({ trigger, attempts, deadline }: Job): JobBehaviour {
  if ("schedule" in trigger) return { trigger: `schedule:${trigger.schedule}`, attempts, deadline, maxParallel: 1 };
  if ("queue" in trigger)
    return { trigger: `queue:${trigger.queue.name}`, attempts, deadline, maxParallel: trigger.maxParallel };
  return { trigger: "before:rollout", attempts, deadline, maxParallel: 1 };
}

function grouped(openings: readonly Opening[]): Reach {
  const ports: Record<string, number[]> = {};
  for (const { peer, port } of openings) {
    const name = peer.kind === "workload" ? `workload:${peer.name}` : peer.kind === "store" ? "stores" : peer.kind;
    (ports[name] ??= []).push(port);
  }
  return Object.fromEntries(
    Object.entries(ports).map(([name, list]) => [name, [...new Set(list)].sort((a, b) => a - b)]),
  );
}
