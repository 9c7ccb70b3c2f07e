/**
 * What an import cannot give back of a model that we compiled ourselves, each with the bounds within which it may
 * differ: the property test of the way round holds every difference to one of these.
 */
import { isDeepStrictEqual } from "node:util";
import type { Workload } from "../../../platform/model/types.ts";
import { DEFAULT_EPHEMERAL_GIB } from "../../../platform/conventions.ts";
import { onFargate } from "../../ecs/sizing.ts";
import type { Side } from "../seen.ts";
import {
  isBalanced,
  isFargatePair,
  rolloutOf,
  scalingOf,
  seenBindings,
  sorted,
  texts,
  withoutKeys,
} from "./loss-bounds.ts";

export interface ImportLoss {
  readonly code: string;
  readonly forms: readonly Side["source"][];
  /** Dotted, from the workload. */
  readonly path: string;
  readonly because: string;
  accepts(wanted: Workload, found: Workload, form: Side["source"]): boolean;
}

const BOTH = ["ecs", "kubernetes"] as const;

export const importLosses: readonly ImportLoss[] = [
  {
    code: "no-objectives",
    forms: BOTH,
    path: "slo",
    because: "Neither form says what a service is held to.",
    accepts: (_wanted, found) => found.slo === undefined,
  },
  {
    code: "interruptible-by-purchase",
    forms: BOTH,
    path: "interruptible",
    because: "What may be stopped at any time is only seen where it is bought so.",
    accepts: (_wanted, found) => found.interruptible === (found.compute.purchase === "spot"),
  },
  {
    code: "zones-of-a-job",
    forms: BOTH,
    path: "zones",
    because: "One run of a job stands beside nothing.",
    accepts: (wanted, found) => wanted.kind === "job" && found.zones === undefined,
  },
  {
    code: "one-by-one",
    forms: BOTH,
    path: "rollout",
    because: "Nothing kept and nothing added is how both forms write that replicas go one by one.",
    accepts: (wanted, found, form) => {
      const before = rolloutOf(wanted);
      if (before?.strategy !== "surge" || rolloutOf(found)?.strategy !== "replaceOneByOne") return false;
      // An absolute surge may be none at the count that is desired.
      const extra = ((scalingOf(wanted)?.desired ?? 1) * (before.max - 100)) / 100;
      return before.minHealthy === 0 && (extra === 0 || (form === "kubernetes" && extra < 1));
    },
  },
  {
    code: "no-checkpoint",
    forms: BOTH,
    path: "checkpoint",
    because: "A checkpoint is a permission among others on ECS, and none at all on Kubernetes.",
    accepts: (_wanted, found) => found.kind === "job" && found.checkpoint === undefined,
  },
  {
    code: "usual-disk",
    forms: BOTH,
    path: "compute.on.ephemeral",
    because: "The usual disk is what is meant by none; a task on EC2 has no limit to its disk.",
    accepts: ({ compute }, found, form) =>
      found.compute.on.ephemeral === undefined &&
      (compute.on.ephemeral === DEFAULT_EPHEMERAL_GIB || (form === "ecs" && compute.on.pool !== "general")),
  },
  {
    code: "fargate-size",
    forms: ["ecs"],
    path: "compute.cpu",
    because: "A task definition has Fargate's pair, not what was asked for.",
    accepts: isFargatePair,
  },
  {
    code: "fargate-size",
    forms: ["ecs"],
    path: "compute.memory",
    because: "A task definition has Fargate's pair, not what was asked for.",
    accepts: isFargatePair,
  },
  {
    code: "fargate-no-burst",
    forms: ["ecs"],
    path: "compute.cpuCap",
    because: "On Fargate nothing bursts.",
    accepts: (wanted, found) => onFargate(wanted) && found.compute.cpuCap === "hard",
  },
  {
    code: "shallow-readiness",
    forms: ["ecs"],
    path: "probes.ready",
    because: "ECS asks the live path alone.",
    accepts: (wanted, found) =>
      "probes" in wanted &&
      "probes" in found &&
      found.probes.ready.path === wanted.probes.live.path &&
      [wanted.probes.live, { ...wanted.probes.ready, path: wanted.probes.live.path }].some((each) =>
        isDeepStrictEqual(each, found.probes.ready),
      ),
  },
  {
    code: "no-drain-without-balancer",
    forms: ["ecs"],
    path: "shutdown.drain",
    because: "Only a load balancer's target waits before SIGTERM.",
    accepts: (wanted, found) => !isBalanced(wanted) && found.shutdown.drain === 0,
  },
  {
    code: "unaddressed",
    forms: ["ecs"],
    path: "kind",
    because: "A service that nobody calls and no balancer asks looks as a worker does.",
    accepts: (wanted, found) => wanted.kind === "service" && !isBalanced(wanted) && found.kind === "worker",
  },
  {
    code: "protocol-by-entrance",
    forms: BOTH,
    path: "port.protocol",
    because: "WebSockets are HTTP to whatever stands before them, and what has no such thing says nothing.",
    accepts: (wanted, found, form) => {
      if (wanted.kind === "job" || found.kind === "job") return false;
      const ofEcs = wanted.port.protocol === "http" || isBalanced(wanted) || found.kind === "worker" ? "http" : "tcp";
      return found.port.protocol === (form === "ecs" ? ofEcs : "http");
    },
  },
  {
    code: "one-launch",
    forms: ["ecs"],
    path: "attempts",
    because: "EventBridge repeats a launch, not a run.",
    accepts: (_wanted, found) => found.kind === "job" && found.attempts === 1,
  },
  {
    code: "thousandths",
    forms: ["kubernetes"],
    path: "compute.cpu",
    because: "Kubernetes counts in thousandths of a CPU, rounded up.",
    accepts: ({ compute }, found) => found.compute.cpu - compute.cpu === 1,
  },
  {
    code: "grace-margin",
    forms: ["kubernetes"],
    path: "shutdown.stopTimeout",
    because: "The grace period has the kubelet's own time in it.",
    accepts: ({ shutdown }, found) => found.shutdown.stopTimeout - shutdown.stopTimeout === 5,
  },
  {
    code: "startup-period",
    forms: ["kubernetes"],
    path: "probes.grace",
    because: "A start-up probe asks every five seconds, and at least once.",
    accepts: (wanted, found) =>
      "probes" in wanted &&
      "probes" in found &&
      found.probes.grace === Math.max(5, Math.ceil(wanted.probes.grace / 5) * 5),
  },
  {
    code: "starts-at-one",
    forms: ["kubernetes"],
    path: "scaling.desired",
    because: "Beside an autoscaler no count stands; it is taken to be the minimum.",
    accepts: (_wanted, found) => scalingOf(found)?.desired === scalingOf(found)?.min,
  },
  {
    code: "backlog-needs-keda",
    forms: ["kubernetes"],
    path: "scaling.on",
    because: "A plain cluster scales on CPU and memory alone, and on CPU at 80 % where nothing is said.",
    accepts: (wanted, found) => {
      const plain = scalingOf(wanted)?.on.filter((each) => "cpu" in each || "memory" in each) ?? [];
      return isDeepStrictEqual(plain.length > 0 ? plain : [{ cpu: 80 }], scalingOf(found)?.on);
    },
  },
  {
    code: "surge-is-absolute",
    forms: ["kubernetes"],
    path: "rollout.max",
    because: "A surge that would round otherwise is a number of replicas, which is another share at another count.",
    accepts: (wanted, found) => {
      const [before, after] = [rolloutOf(wanted), rolloutOf(found)];
      if (before?.strategy !== "surge" || after?.strategy !== "surge") return false;
      const { min, desired, max } = scalingOf(wanted) ?? { min: 1, desired: 1, max: 1 };
      const counts = Array.from({ length: max - min + 1 }, (_, index) => min + index);
      const extra = before.max - 100;
      const replicas = Math.max(Math.floor((desired * extra) / 100), before.minHealthy === 100 ? 1 : 0);
      const share = Math.min(200, 100 + Math.ceil((100 * replicas) / min));
      // More only where less would leave no room for one more at some count.
      const stuck = counts.some(
        (count) => Math.floor((count * (after.max - 1)) / 100) <= Math.ceil((count * before.minHealthy) / 100),
      );
      return (
        counts.some((count) => (count * extra) % 100 !== 0) && (after.max === share || (after.max > share && stuck))
      );
    },
  },
  {
    code: "stand-ins",
    forms: ["kubernetes"],
    path: "env",
    because: "A plain cluster's own queues and buckets have addresses that the model does not.",
    accepts: (wanted, found) => {
      const own = Object.entries(found.env).filter(
        ([name]) => name !== "AWS_REGION" && !name.startsWith("AWS_ENDPOINT_URL_"),
      );
      return isDeepStrictEqual(Object.fromEntries(own), sorted(wanted.env));
    },
  },
  {
    code: "bindings-by-name",
    forms: BOTH,
    path: "uses",
    because:
      "A form has variables and permissions, not bindings: whether a store is only read, which hosts are called and what the cloud keeps for everybody is not in them; on Kubernetes nor is what may be done with queues, buckets and topics.",
    accepts: (wanted, found, form) => isDeepStrictEqual(seenBindings(wanted, form), texts(withoutKeys(found.uses))),
  },
];
