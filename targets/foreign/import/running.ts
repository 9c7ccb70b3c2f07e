/** What runs for long → the model's probes, scaling, rollout and shutdown. */
import type { ProbeBehaviour, ScalingBehaviour } from "../../../platform/model/behaviour.ts";
import type {
  Autoscaling,
  Check,
  Metric,
  Probes,
  Rollout,
  Shutdown,
  Singleton,
} from "../../../platform/model/types.ts";
import { valueOr, type Reading } from "../seen.ts";
import type { Remarks } from "./remarks.ts";

const MADE_UP: Check = { path: "/", interval: 30, timeout: 5, failures: 3 };
const DOUBLE: Rollout = { strategy: "surge", minHealthy: 100, max: 200 };
/** Cooldowns of an autoscaler that never moves, and a metric that it never follows. */
const FIXED = { out: 60, in: 300, on: [{ cpu: 80 }] } as const;

/** @param port the workload's own */
export function probesOf({ main: { seen } }: Reading, port: number, remarks: Remarks): Probes {
  const [live, ready] = [valueOr(seen.liveness, null), valueOr(seen.readiness, null)];
  const missing = [...(live ? [] : ["live"]), ...(ready ? [] : ["ready"])];
  if (missing.length > 0) {
    const like = (live ?? ready) ? "as the other one is" : `GET ${MADE_UP.path}`;
    const reasons = [seen.liveness, seen.readiness].flatMap((each) => ("untold" in each ? [each.untold] : []));
    const because = reasons.length > 0 ? [...new Set(reasons)].join("; ") : "the files have none";
    remarks.add("probes", `made up: the ${missing.join(" and the ")} probe, ${like}; ${because}`);
  }
  const ports = [...new Set([live, ready].flatMap((each) => (each ? [each.port] : [])))];
  if (ports.length > 1) remarks.add("probes", `not said here: the probes ask two ports, ${ports.join(" and ")}`);
  const [asked = port] = ports;
  return {
    live: check(live ?? ready),
    ready: check(ready ?? live),
    grace: valueOr(seen.startGrace, 0),
    ...(asked === port ? {} : { port: asked }),
  };
}

function check(probe: ProbeBehaviour | null): Check {
  if (!probe) return MADE_UP;
  const { path, interval, timeout, failures } = probe;
  return { path, interval, timeout, failures };
}

export function scalingOf({ whole }: Reading, remarks: Remarks): Autoscaling {
  const found = remarks.or("scaling", whole.scaling, null, "taken to be scaled by nothing");
  const count = remarks.or("scaling", whole.initialCount, 1, "made up: a count of 1") ?? 1;
  if (!found) {
    const fixed = Math.max(1, count);
    if (count < 1) remarks.add("scaling", "made up: a count of 1, for the files say 0");
    remarks.add("scaling", `the files scale nothing: ${fixed} at any time, and a metric that changes nothing`);
    return { min: fixed, desired: fixed, max: fixed, ...FIXED };
  }
  const min = Math.max(1, found.min);
  if (found.min < 1) remarks.add("scaling", "not said here: that it may be scaled to 0");
  const max = Math.max(min, found.max);
  const on = Object.entries(found.targets).flatMap(([name, target]) => metric(name, target, remarks));
  if (on.length === 0) remarks.add("scaling", "made up: its metric");
  return {
    min,
    desired: Math.min(max, Math.max(min, count)),
    max,
    out: found.outCooldown,
    in: found.inCooldown,
    on: on.length > 0 ? on : FIXED.on,
  };
}

/** One replica that nothing scales. */
export function isSingle({ whole }: Reading): boolean {
  return (
    valueOr<ScalingBehaviour | null, undefined>(whole.scaling, undefined) === null &&
    valueOr(whole.initialCount, 0) === 1
  );
}

export const SINGLETON: Singleton = { singleton: true };

function metric(name: string, target: number, remarks: Remarks): readonly Metric[] {
  if (name === "cpu") return [{ cpu: target }];
  if (name === "memory") return [{ memory: target }];
  const [, topic, group] = /^lag:([^:]+):(.+)$/.exec(name) ?? [];
  if (topic !== undefined && group !== undefined)
    return [{ lag: { kind: "topic", name: topic }, group, perReplica: target }];
  const [, queue] = /^depth:(.+)$/.exec(name) ?? [];
  if (queue !== undefined) return [{ depth: { kind: "queue", name: queue }, perReplica: target }];
  remarks.add("scaling", `not said here: it scales on ${name}, at ${target}`);
  return [];
}

/** The files' own, with room for a replica more at every count where their platform makes some by rounding up. */
export function rolloutOf(
  { hints, whole }: Reading,
  { min, max }: Pick<Autoscaling, "min" | "max">,
  remarks: Remarks,
): Rollout {
  const found = hints.rollout;
  if (!found) {
    const because = "untold" in whole.rollout ? whole.rollout.untold : "the files have none";
    remarks.add("rollout", `made up: a second set beside the first; ${because}`);
    return DOUBLE;
  }
  if (found.strategy !== "surge" || hints.rounding === "down") return found;
  const counts = Array.from({ length: Math.min(1000, max - min) + 1 }, (_, index) => min + index);
  const stuck = (most: number): boolean =>
    counts.some((count) => Math.floor((count * most) / 100) <= Math.ceil((count * found.minHealthy) / 100));
  let most = found.max;
  while (stuck(most) && most < 200) most++;
  if (most !== found.max)
    remarks.add("rollout", `max is ${most} and not ${found.max} %: the model rounds down, and needs room for one more`);
  return { ...found, max: most };
}

export function shutdownOf({ main: { seen } }: Reading, remarks: Remarks): Shutdown {
  const drain = remarks.or("shutdown", seen.drain, 0, "made up: no drain");
  const stopTimeout = remarks.or("shutdown", seen.stopTimeout, 30, "made up: 30 s to stop");
  if (stopTimeout < 1) remarks.add("shutdown", "made up: 1 s to stop, for the files leave none");
  return { drain, stopTimeout: Math.max(1, stopTimeout) };
}
