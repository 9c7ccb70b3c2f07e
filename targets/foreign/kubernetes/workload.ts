/** A controller with what stands around it → what a cluster will do with it, in our terms. */
import type { RolloutStep, ScalingBehaviour } from "../../../platform/model/behaviour.ts";
import type { Rollout } from "../../../platform/model/types.ts";
import { share } from "../../kubernetes/read.ts";
import {
  told,
  untold,
  valueOr,
  type Companion,
  type Hints,
  type Reading,
  type Seen,
  type Told,
  type WorkloadBehaviour,
} from "../seen.ts";
import type { PodContainer } from "./container.ts";
import type { Controller } from "./controllers.ts";
import type { Objects } from "./objects.ts";

export function readingOf(controller: Controller, objects: Objects): Reading {
  const { metadata, where, pod, log } = controller;
  const services = objects.services.filter((each) => each.selects(pod.labels));
  const addressed = services.flatMap(({ ports }) => ports.map(({ target }) => target));
  const main = mainOf(controller, addressed);
  const companions = [
    ...pod.inits.map((each): Companion => ({ ...bare(each), role: each.staysUp ? "sidecar" : "init" })),
    ...pod.containers.filter((each) => each !== main).map((each): Companion => ({ ...bare(each), role: "sidecar" })),
  ];
  return {
    source: "kubernetes",
    name: metadata.name,
    where,
    main: bare(main),
    companions,
    whole: wholeOf(controller, main, objects, services),
    hints: hintsOf(controller, main, objects, addressed, valueOr(scalingOf(controller, objects), null)),
    notes: log.notes,
  };
}

function bare({ name, seen, elsewhere, moreEnv }: PodContainer) {
  return { name, seen, elsewhere, moreEnv };
}

/** Whom kubectl means by itself, whom a Service asks, whose name is the workload's, or the first. */
function mainOf({ pod, metadata }: Controller, addressed: readonly (string | number)[]): PodContainer {
  const listens = ({ portNames, seen }: PodContainer): boolean =>
    addressed.some(
      (target) =>
        portNames.has(String(target)) ||
        valueOr<readonly number[], readonly number[]>(seen.ports, []).includes(Number(target)),
    );
  const usual = metadata.annotations.get("kubectl.kubernetes.io/default-container");
  const found =
    pod.containers.find(({ name }) => name === usual) ??
    pod.containers.find(listens) ??
    pod.containers.find(({ name }) => name === metadata.name) ??
    pod.containers[0];
  if (!found) throw new TypeError("A pod without containers is refused before");
  return found;
}

function wholeOf(
  controller: Controller,
  main: PodContainer,
  objects: Objects,
  services: Objects["services"],
): Seen<WorkloadBehaviour> {
  const { metadata, pod, job } = controller;
  const scaling = scalingOf(controller, objects);
  const counts = countsOf(controller, valueOr(scaling, null));
  const running = job === null;
  return {
    name: told(metadata.name),
    kind: told(running ? "longRunning" : "job"),
    ephemeral: told(main.ephemeral),
    architecture: pod.nodes.architecture,
    whenUnhealthy: told(running ? "restartedInPlace" : null),
    // Without `replicas` there is one, and an autoscaler climbs to its minimum.
    initialCount: running ? initialCount(controller) : told(null),
    scaling: running ? scaling : told(null),
    rollout: rolloutOf(controller, counts),
    rollsBack: told(false),
    evictedAtOnce: evicted(controller, counts[0], objects),
    job: told(job),
    identity: untold("a cloud's identity is in no manifest"),
    accepts: untold("who may reach whom is judged for our own forms alone"),
    reaches: untold("who may reach whom is judged for our own forms alone"),
    routes: routesOf(objects, services),
    pool: pod.nodes.pool,
    gpuModel: pod.nodes.gpuModel,
    purchase: pod.nodes.purchase,
    zones: told(running ? pod.zones : "any"),
  };
}

function initialCount({ replicas }: Controller): Told<number> {
  return replicas === null ? untold("one on each node") : told(replicas ?? 1);
}

function scalingOf(
  { kind, metadata }: Controller,
  { autoscalers, scaledByKeda }: Objects,
): Told<ScalingBehaviour | null> {
  if (scaledByKeda.includes(metadata.name)) return untold("KEDA scales it by rules of its own");
  const found = autoscalers.find(({ target }) => target.kind === kind && target.name === metadata.name);
  return told(found?.scaling ?? null);
}

/** A maximum that nobody means is not gone through one by one. */
const MOST_COUNTS = 1000;

function countsOf({ replicas }: Controller, scaling: ScalingBehaviour | null): readonly number[] {
  const first = scaling?.min ?? replicas ?? 1;
  const last = Math.min(scaling?.max ?? first, first + MOST_COUNTS);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => first + index);
}

/** `maxUnavailable` rounds down, `maxSurge` rounds up. @source Kubernetes docs, "Deployments" */
function rolloutOf({ job, rolling }: Controller, counts: readonly number[]): Told<readonly RolloutStep[]> {
  if (job) return told([]);
  if (rolling !== null && "untold" in rolling) return rolling;
  return told(
    counts.map((count) => ({
      count,
      atLeast: rolling ? Math.max(0, count - share(rolling.unavailable, count, Math.floor)) : 0,
      atMost: rolling ? count + share(rolling.surge, count, Math.ceil) : count,
    })),
  );
}

/** Without a budget a drain takes all there are. */
function evicted(
  { job, pod, replicas }: Controller,
  count: number | undefined,
  { budgets }: Objects,
): Told<number | null> {
  if (job) return told(null);
  if (count === undefined || replicas === null) return untold("one on each node");
  const budget = budgets.find(({ selects }) => selects(pod.labels));
  if (!budget) return told(count);
  const { maxUnavailable, minAvailable } = budget;
  if (maxUnavailable !== undefined) return told(Math.min(count, share(maxUnavailable, count, Math.ceil)));
  return told(Math.max(0, count - share(minAvailable ?? 0, count, Math.ceil)));
}

function routesOf({ paths }: Objects, services: Objects["services"]): Told<readonly string[]> {
  if (services.length === 0) return told([]);
  if (!paths) return untold("no file has an Ingress");
  return told(paths.filter(({ service }) => services.some(({ name }) => name === service)).map(({ path }) => path));
}

function hintsOf(
  { metadata, pod, rolling, replicas }: Controller,
  main: PodContainer,
  { policies, services }: Objects,
  addressed: readonly (string | number)[],
  scaling: ScalingBehaviour | null,
): Hints {
  const selecting = policies?.filter(({ selects }) => selects(pod.labels)) ?? [];
  const bounds = selecting.flatMap(({ internet }) => (internet === null ? [] : [internet]));
  const ports = valueOr(main.seen.ports, []);
  const asked = addressed.map((target) => main.portNames.get(String(target)) ?? Number(target));
  return {
    project: metadata.labels.get("app.kubernetes.io/part-of") ?? null,
    served: services.some(({ selects }) => selects(pod.labels)),
    port: ports.find((each) => asked.includes(each)) ?? ports[0] ?? null,
    protocol: "http",
    rollout: rolling !== null && "untold" in rolling ? null : inPercent(rolling, scaling?.min ?? replicas ?? 1),
    rounding: "up",
    internet: bounds.length > 0 ? [...new Set(bounds.flat())].sort((a, b) => a - b) : null,
    healthProgram: null,
  };
}

/** The model counts in percent of what is desired, of which it keeps the minimum rounded up and the maximum down. */
function inPercent(rolling: Exclude<Controller["rolling"], { untold: string }>, count: number): Rollout {
  if (!rolling) return { strategy: "replaceOneByOne" };
  const { surge, unavailable } = rolling;
  const percent = (value: string | number, round: (value: number) => number): number =>
    String(value).endsWith("%")
      ? Number(String(value).slice(0, -1))
      : round((100 * Number(value)) / Math.max(1, count));
  const [extra, missing] = [percent(surge, Math.ceil), percent(unavailable, Math.ceil)];
  if (extra === 0 && missing >= 100) return { strategy: "replaceOneByOne" };
  return { strategy: "surge", minHealthy: Math.max(0, 100 - missing), max: Math.min(200, 100 + extra) };
}
