/**
 * The service model: what CryptoTracker runs, in terms that belong to no target.
 *
 * Units are in the type names. A workload says what it *needs*; how a need is met (a Fargate pair, a node group, a
 * pod's requests) is a target's business.
 */

/** CPU in ECS units: 1024 = 1 vCPU. */
export type CpuUnits = number;
/** Memory in mebibytes. */
export type MiB = number;
/** Disk in gibibytes. */
export type GiB = number;
export type Seconds = number;
/** 0–100, and over 100 where a rollout may exceed the desired count. */
export type Percent = number;

export type RefKind =
  "postgres" | "redis" | "topic" | "queue" | "bucket" | "service" | "secret" | "internet" | "traces" | "metrics";
/** Points at something by kind and name; `validate` refuses one that points at nothing. */
export interface Ref<K extends RefKind> {
  readonly kind: K;
  readonly name: string;
}

/**
 * What a workload uses. The one source of env names, secrets, IAM statements, security-group and network-policy rules.
 * `as` is the env prefix: `DATABASE` gives `DATABASE_URL` (see wiring.ts).
 */
export type Binding =
  | {
      readonly as: string;
      readonly to: Ref<"postgres"> | Ref<"redis"> | Ref<"bucket">;
      readonly access: "read" | "readwrite";
    }
  | { readonly as: string; readonly to: Ref<"topic">; readonly access: "produce" }
  /** `group: "perReplica"`: each replica reads everything, in a consumer group of its own. */
  | { readonly as: string; readonly to: Ref<"topic">; readonly access: "consume"; readonly group: string }
  | { readonly as: string; readonly to: Ref<"queue">; readonly access: "send" | "receive" }
  | { readonly as: string; readonly to: Ref<"service">; readonly access: "call" }
  /** Its traces and metrics, by OTLP: `OTEL_EXPORTER_OTLP` gives `OTEL_EXPORTER_OTLP_ENDPOINT`, which every SDK reads. */
  | { readonly as: string; readonly to: Ref<"service">; readonly access: "report" }
  /** The cloud's own tracing and metrics, for the one who collects what the others report. It gives no env. */
  | { readonly to: Ref<"traces"> | Ref<"metrics">; readonly access: "send" }
  | { readonly as: string; readonly to: Ref<"secret">; readonly access: "read" }
  /** The internet is a binding of its own: default deny on Kubernetes leaves no other way out. It gives no env. */
  | {
      readonly to: Ref<"internet">;
      readonly access: "call";
      readonly hosts: readonly string[] | "any";
      readonly ports: readonly number[];
    };

/** Where it runs. `gpus` are whole devices; `sharedMemory` is /dev/shm, which frameworks use between processes. */
export type Hardware =
  | { readonly pool: "general" | "memory" | "iops"; readonly ephemeral?: GiB }
  | {
      readonly pool: "gpu";
      readonly gpus: number;
      readonly gpu: "a10g" | "a100";
      readonly sharedMemory?: MiB;
      readonly ephemeral?: GiB;
    };

/** What a replica needs, and how that is bought: two questions, for a GPU job on spot is both. */
export interface Compute {
  readonly cpu: CpuUnits;
  /** `hard`: never more than `cpu`. `burst`: may use what its neighbours leave. */
  readonly cpuCap: "hard" | "burst";
  readonly memory: MiB;
  readonly on: Hardware;
  readonly purchase: "onDemand" | "spot";
  readonly architecture: "x86_64" | "arm64";
}

/** An HTTP check, on the workload's own port unless its probes name another. `failures` in a row are needed before anything happens. */
export interface Check {
  readonly path: string;
  readonly interval: Seconds;
  readonly timeout: Seconds;
  readonly failures: number;
}

/** `live` fails → replaced. `ready` fails → no traffic. Nothing counts as failed in the first `grace` seconds. */
export interface Probes {
  readonly live: Check;
  readonly ready: Check;
  readonly grace: Seconds;
  /** Where it answers them. @default the workload's own port */
  readonly port?: number;
}

export type Metric =
  | { readonly cpu: Percent }
  | { readonly memory: Percent }
  | { readonly lag: Ref<"topic">; readonly group: string; readonly perReplica: number }
  | { readonly depth: Ref<"queue">; readonly perReplica: number };

/** Target tracking between `min` and `max`; `out` and `in` are the cooldowns after growing and shrinking. */
export interface Autoscaling {
  readonly min: number;
  readonly desired: number;
  readonly max: number;
  readonly out: Seconds;
  readonly in: Seconds;
  readonly on: readonly Metric[];
}

/** One replica, never autoscaled. What it alone may do it does under a lease, so that two sides never do it twice. */
export interface Singleton {
  readonly singleton: true;
}

/** `surge`: keep `minHealthy` % of the count, never exceed `max` %. `replaceOneByOne`: no room for a second (full GPU node). */
export type Rollout =
  | { readonly strategy: "surge"; readonly minHealthy: Percent; readonly max: Percent }
  | { readonly strategy: "replaceOneByOne" };

/** `drain`: between leaving the traffic and SIGTERM. `stopTimeout`: between SIGTERM and SIGKILL. */
export interface Shutdown {
  readonly drain: Seconds;
  readonly stopTimeout: Seconds;
}

/** What a migration's gates hold the workload to. */
export interface Slo {
  /** Share of requests answered without a server error. */
  readonly availability: Percent;
  readonly p99Milliseconds: number;
}

/**
 * `build`: the folder under services/ that it is made from; the repository is `<project>/<build>`. `reference`: somebody
 * else's, by digest; `healthCheck` is the program inside that asks the live probe where the image has no curl.
 */
export type Image =
  | { readonly build: string }
  | { readonly reference: `${string}@sha256:${string}`; readonly healthCheck?: readonly [string, ...string[]] };

/** `spread`: over the zones. `together`: in one zone where the placement allows it, for the least time between them. */
export type Zones = "spread" | "together";

interface Common {
  /** The seed's name, unique, a DNS label: `api-service`. */
  readonly name: string;
  /** Short name, unique, for what has short limits (family, log group, target group ≤ 32): `api`. */
  readonly slug: string;
  readonly image: Image;
  /** Arguments in place of the image's own command. */
  readonly command?: readonly string[];
  readonly compute: Compute;
  /** Plain settings. Never a secret: those are bindings. */
  readonly env: Readonly<Record<string, string>>;
  readonly uses: readonly Binding[];
  readonly shutdown: Shutdown;
  readonly slo?: Slo;
  /** Where its replicas stand to each other. @default "spread" */
  readonly zones?: Zones;
  /** May be stopped at any time at two minutes' notice without harm. */
  readonly interruptible: boolean;
}

export interface Service extends Common {
  readonly kind: "service";
  readonly port: { readonly number: number; readonly protocol: "http" | "websocket" | "tcp" };
  /** Public paths on the load balancer, `/prices` or `/prices/*`. Without it, only other workloads reach it. */
  readonly route?: { readonly paths: readonly string[] };
  readonly probes: Probes;
  readonly scaling: Autoscaling;
  readonly rollout: Rollout;
}

export interface Worker extends Common {
  readonly kind: "worker";
  /** Where it answers its probes; nothing else reaches it. */
  readonly port: { readonly number: number; readonly protocol: "http" };
  readonly probes: Probes;
  readonly scaling: Autoscaling | Singleton;
  readonly rollout: Rollout;
}

/** `schedule`: five cron fields, UTC. `queue`: one run a message. `before`: once, to completion, ahead of a rollout. */
export type Trigger =
  | { readonly schedule: string }
  | { readonly queue: Ref<"queue">; readonly maxParallel: number }
  | { readonly before: "rollout" };

export interface Job extends Common {
  readonly kind: "job";
  readonly trigger: Trigger;
  /** How often it is tried altogether, the first time included. */
  readonly attempts: number;
  readonly deadline: Seconds;
  /** Where it keeps its place when it is told to stop. */
  readonly checkpoint?: Ref<"bucket">;
}

export type Workload = Service | Worker | Job;

/** Static files: a bucket behind a CDN, no workload. */
export interface Site {
  readonly name: string;
  readonly build: string;
  readonly routes: readonly string[];
}

export interface Volume {
  readonly type: "gp3" | "io2";
  readonly size: GiB;
  readonly iops?: number;
}

/** Part of the foundation: both sides of a migration use the same one. */
export interface Store {
  readonly name: string;
  readonly kind: "postgres" | "redis" | "kafka";
  readonly hosting:
    "managed" | { readonly on: Hardware; readonly volumes: readonly Volume[]; readonly replicas: number };
  readonly port: number;
}

export interface Topic {
  readonly name: string;
  readonly store: string;
  readonly partitions: number;
  readonly retentionHours: number;
  /** What a message is keyed by; the order is kept per key. */
  readonly key: string;
}

export interface Queue {
  readonly name: string;
  readonly visibility: Seconds;
  /** Deliveries after which a message goes to the dead-letter queue `<name>-dead`. */
  readonly maxReceives: number;
}

export interface Bucket {
  readonly name: string;
  readonly purpose: string;
}

/** A secret of its own, beside those that come with a store. `key` is the JSON key that holds the value. */
export interface Secret {
  readonly name: string;
  readonly key: string;
}

export interface Model {
  readonly project: string;
  /** What begins the names that AWS wants unique in an account; two sides may share one. */
  readonly prefix: string;
  readonly workloads: readonly Workload[];
  readonly sites: readonly Site[];
  readonly stores: readonly Store[];
  readonly topics: readonly Topic[];
  readonly queues: readonly Queue[];
  readonly buckets: readonly Bucket[];
  readonly secrets: readonly Secret[];
}

/** One thing that is wrong: a stable `code`, where, what was found, what would be allowed. */
export interface Problem {
  readonly code: string;
  /** `services.api-service.compute.memory`: a path from the model's or the settings' root. */
  readonly path: string;
  readonly found: string;
  readonly allowed: string;
}

/** Every problem at once, or the value; never a throw. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };
