/** What the catalogue's workloads have in common. */
import type {
  Autoscaling,
  Binding,
  Check,
  Compute,
  CpuUnits,
  MiB,
  Metric,
  Probes,
  Rollout,
  Seconds,
} from "../model/types.ts";

/** On Fargate's general pool, x86, CPU capped: what the seed's services are. */
export function general(cpu: CpuUnits, memory: MiB): Compute {
  return { cpu, cpuCap: "hard", memory, on: { pool: "general" }, purchase: "onDemand", architecture: "x86_64" };
}

/** The seed's health check: every 30 s, 5 s to answer, three failures. */
const LIVE: Check = { path: "/health", interval: 30, timeout: 5, failures: 3 };
const READY: Check = { path: "/ready", interval: 10, timeout: 5, failures: 3 };

export function probes(grace: Seconds = 60): Probes {
  return { live: LIVE, ready: READY, grace };
}

/** The seed's target tracking: the given CPU share, memory at 80 %, cooldowns 60 s out and 300 s in. */
export function autoscaling(
  counts: { readonly min: number; readonly desired: number; readonly max: number },
  cpu: number,
  ...more: readonly Metric[]
): Autoscaling {
  return { ...counts, out: 60, in: 300, on: [{ cpu }, { memory: 80 }, ...more] };
}

/** A whole second set beside the first: no replica goes before its successor is ready. */
export const DOUBLE: Rollout = { strategy: "surge", minHealthy: 100, max: 200 };

export const topic = (name: string) => ({ kind: "topic", name }) as const;
export const queue = (name: string) => ({ kind: "queue", name }) as const;
export const bucket = (name: string) => ({ kind: "bucket", name }) as const;

export const DATABASE: Binding = { as: "DATABASE", to: { kind: "postgres", name: "database" }, access: "readwrite" };
export const REDIS: Binding = { as: "REDIS", to: { kind: "redis", name: "redis" }, access: "readwrite" };
/** Whose keys tokens are verified by. */
export const AUTH: Binding = { as: "AUTH", to: { kind: "service", name: "auth-service" }, access: "call" };
export const DEAD_LETTERS: Binding = { as: "DEAD_LETTER", to: topic("dead-letters"), access: "produce" };

export const NODE = { NODE_ENV: "production" } as const;
