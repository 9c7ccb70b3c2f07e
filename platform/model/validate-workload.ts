/** What is wrong with one workload by itself. */
import { pathOf } from "./paths.ts";
import { looksLikeSecret } from "./secrets.ts";
import type { Autoscaling, Check, Model, Problem, Workload } from "./types.ts";
import { wire } from "./wiring.ts";

const ENV_NAME = /^[A-Z][A-Z0-9_]*$/;

export function workloadProblems(workload: Workload, model: Model): Problem[] {
  return [
    ...compute(workload),
    ...(workload.kind === "job" ? job(workload) : longRunning(workload)),
    ...environment(workload, model),
    ...positive(workload, { "shutdown.stopTimeout": workload.shutdown.stopTimeout }),
    ...atLeastZero(workload, { "shutdown.drain": workload.shutdown.drain }),
  ];
}

function compute(workload: Workload): Problem[] {
  const { compute } = workload;
  const problems = positive(workload, { "compute.cpu": compute.cpu, "compute.memory": compute.memory });
  if (compute.on.ephemeral !== undefined)
    problems.push(...positive(workload, { "compute.on.ephemeral": compute.on.ephemeral }));
  if (compute.on.pool === "gpu") {
    problems.push(...positive(workload, { "compute.on.gpus": compute.on.gpus }));
    const { sharedMemory } = compute.on;
    if (sharedMemory !== undefined && !(sharedMemory > 0 && sharedMemory < compute.memory)) {
      problems.push({
        code: "shared-memory",
        path: pathOf(workload, "compute", "on", "sharedMemory"),
        found: `${sharedMemory} MiB`,
        allowed: `between 1 and ${compute.memory - 1} MiB: it is charged to the memory`,
      });
    }
  }
  if (compute.purchase === "spot" && !workload.interruptible) {
    problems.push({
      code: "spot-not-interruptible",
      path: pathOf(workload, "compute", "purchase"),
      found: "spot",
      allowed: "onDemand, or interruptible: true",
    });
  }
  return problems;
}

function longRunning(workload: Exclude<Workload, { kind: "job" }>): Problem[] {
  const { port, probes } = workload;
  const problems = [
    ...check(workload, "live", probes.live),
    ...check(workload, "ready", probes.ready),
    ...atLeastZero(workload, { "probes.grace": probes.grace }),
  ];
  if (!Number.isInteger(port.number) || port.number < 1 || port.number > 65535) {
    problems.push({
      code: "port",
      path: pathOf(workload, "port", "number"),
      found: String(port.number),
      allowed: "1 to 65535",
    });
  }
  if (probes.port !== undefined && !(Number.isInteger(probes.port) && probes.port >= 1 && probes.port <= 65535)) {
    problems.push({
      code: "port",
      path: pathOf(workload, "probes", "port"),
      found: String(probes.port),
      allowed: "1 to 65535, or nothing for the workload's own port",
    });
  }
  if ("min" in workload.scaling) problems.push(...scaling(workload, workload.scaling));
  problems.push(...rollout(workload));
  return problems;
}

/** At every count that scaling can reach a replica must be able to go or to come, or a rollout would wait for ever. */
function rollout(workload: Exclude<Workload, { kind: "job" }>): Problem[] {
  if (workload.rollout.strategy === "replaceOneByOne") return [];
  const { minHealthy, max } = workload.rollout;
  const path = pathOf(workload, "rollout");
  const found = `minHealthy ${minHealthy} %, max ${max} %`;
  if (!(minHealthy >= 0 && minHealthy <= 100 && max >= 100 && max <= 200)) {
    return [{ code: "rollout-range", path, found, allowed: "minHealthy 0–100 %, max 100–200 %" }];
  }
  const counts = "min" in workload.scaling ? workload.scaling : { min: 1, max: 1 };
  for (let count = counts.min; count <= counts.max; count++) {
    if (Math.floor((count * max) / 100) <= Math.ceil((count * minHealthy) / 100)) {
      const allowed = "a lower minHealthy or a higher max: this leaves no room to replace anything";
      return [{ code: "rollout-stuck", path, found: `${found} at a count of ${count}`, allowed }];
    }
  }
  return [];
}

function scaling(workload: Workload, { min, desired, max, out, in: inward, on }: Autoscaling): Problem[] {
  const problems = positive(workload, { "scaling.out": out, "scaling.in": inward });
  const whole = [min, desired, max].every((count) => Number.isInteger(count) && count >= 1);
  if (!whole || min > desired || desired > max) {
    problems.push({
      code: "scaling-range",
      path: pathOf(workload, "scaling"),
      found: `min ${min}, desired ${desired}, max ${max}`,
      allowed: "whole numbers with 1 ≤ min ≤ desired ≤ max",
    });
  }
  on.forEach((metric, index) => {
    const value = "cpu" in metric ? metric.cpu : "memory" in metric ? metric.memory : undefined;
    if (value !== undefined && !(value > 0 && value <= 100)) {
      problems.push({
        code: "scaling-target",
        path: pathOf(workload, "scaling", "on", String(index)),
        found: `${value} %`,
        allowed: "above 0 and at most 100 %",
      });
    }
    if ("perReplica" in metric)
      problems.push(...positive(workload, { [`scaling.on.${index}.perReplica`]: metric.perReplica }));
  });
  return problems;
}

function check(workload: Workload, which: "live" | "ready", probe: Check): Problem[] {
  const problems = positive(workload, {
    [`probes.${which}.interval`]: probe.interval,
    [`probes.${which}.timeout`]: probe.timeout,
    [`probes.${which}.failures`]: probe.failures,
  });
  if (probe.timeout >= probe.interval) {
    problems.push({
      code: "probe-timeout",
      path: pathOf(workload, "probes", which, "timeout"),
      found: `${probe.timeout} s`,
      allowed: `under the interval of ${probe.interval} s`,
    });
  }
  if (!probe.path.startsWith("/")) {
    problems.push({
      code: "probe-path",
      path: pathOf(workload, "probes", which, "path"),
      found: probe.path,
      allowed: "a path from /",
    });
  }
  return problems;
}

function job(workload: Extract<Workload, { kind: "job" }>): Problem[] {
  const problems = positive(workload, { attempts: workload.attempts, deadline: workload.deadline });
  const { trigger } = workload;
  if ("schedule" in trigger && trigger.schedule.trim().split(/\s+/).length !== 5) {
    problems.push({
      code: "schedule",
      path: pathOf(workload, "trigger", "schedule"),
      found: JSON.stringify(trigger.schedule),
      allowed: "five cron fields: minute, hour, day of month, month, day of week (UTC)",
    });
  }
  if ("maxParallel" in trigger) problems.push(...positive(workload, { "trigger.maxParallel": trigger.maxParallel }));
  return problems;
}

function environment(workload: Workload, model: Model): Problem[] {
  const own = Object.entries(workload.env).flatMap(([name, value]) => {
    const path = pathOf(workload, "env", name);
    const problems: Problem[] = [];
    if (!ENV_NAME.test(name))
      problems.push({ code: "env-name", path, found: name, allowed: "A–Z, 0–9 and _, from a letter" });
    if (looksLikeSecret(name, value)) {
      problems.push({
        code: "secret-in-env",
        path,
        found: "something that looks like a secret",
        allowed: "a binding to a secret",
      });
    }
    return problems;
  });
  const wired = wire({ ...workload, env: {} }, model, () => "");
  const clashes = [...Object.keys(wired.env), ...Object.keys(wired.secrets)].filter((name) => name in workload.env);
  return [
    ...own,
    ...clashes.map((name) => ({
      code: "env-clash",
      path: pathOf(workload, "env", name),
      found: `${name}, which a binding or the port sets too`,
      allowed: "another name",
    })),
  ];
}

function positive(workload: Workload, values: Readonly<Record<string, number>>): Problem[] {
  return bounded(workload, values, (value) => value > 0, "a number above 0");
}

function atLeastZero(workload: Workload, values: Readonly<Record<string, number>>): Problem[] {
  return bounded(workload, values, (value) => value >= 0, "0 or more");
}

function bounded(
  workload: Workload,
  values: Readonly<Record<string, number>>,
  good: (value: number) => boolean,
  allowed: string,
): Problem[] {
  return Object.entries(values)
    .filter(([, value]) => !Number.isFinite(value) || !good(value))
    .map(([field, value]) => ({ code: "out-of-range", path: pathOf(workload, field), found: String(value), allowed }));
}
