/** Every fault, a row each. */
import { join } from "node:path";
import type { Fault } from "./fault.ts";
import { crashRouter } from "./crash-router.ts";
import { killRehearsal } from "./kill-rehearsal.ts";
import { killStore } from "./kill-store.ts";
import { poison } from "./poison.ts";
import { twoLeaders } from "./two-leaders.ts";
import { wrongPassword } from "./wrong-secret.ts";

const preload = (file: string): string => join(import.meta.dirname, file);

export const faults: readonly Fault[] = [
  {
    name: "crash-on-boot",
    what: "Every replica ends with exit code 1 before it listens.",
    preload: preload("crash-on-boot.ts"),
  },
  {
    name: "slow",
    what: "Every answer but a probe's comes about 400 ms late.",
    preload: preload("slow.ts"),
  },
  {
    name: "slow-under-load",
    what: "A replica that gets more than 50 requests a second answers about 400 ms late, as one that is too small.",
    preload: preload("slow-under-load.ts"),
  },
  {
    name: "errors",
    what: "1 in 20 requests, probes apart, is answered with a 500.",
    preload: preload("errors.ts"),
  },
  {
    name: "leak",
    what: "Every request leaves 3 MiB behind, until a replica is over its memory limit and is killed for it.",
    preload: preload("leak.ts"),
  },
  {
    name: "wrong-secret",
    what: "The password inside every connection URL is wrong, as after a rotation that missed this side.",
    secret: wrongPassword,
  },
  { name: "postgres-killed", what: "Postgres is killed and back after 2 s.", strike: killStore("postgres") },
  { name: "redis-killed", what: "Redis is killed, with all it held, and back after 2 s.", strike: killStore("redis") },
  { name: "kafka-killed", what: "Kafka is killed and back after 2 s.", strike: killStore("kafka") },
  {
    name: "router-crash",
    what: "The load balancer drops every connection and is back after 1 s.",
    strike: crashRouter,
  },
  { name: "poison", what: "Three partitions of prices get a message each that nobody can read.", strike: poison },
  {
    name: "two-leaders",
    what: "Both sides run a replica of the singleton at once, and then the leader is killed.",
    strike: twoLeaders,
  },
  { name: "killed", what: "The rehearsal's own process is killed.", strike: killRehearsal },
];

/** @returns the fault of that name, or null */
export function faultNamed(name: string): Fault | null {
  return faults.find((fault) => fault.name === name) ?? null;
}
