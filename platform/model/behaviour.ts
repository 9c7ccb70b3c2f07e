/**
 * What a workload will *do* once a platform runs it, in terms that belong to no platform. The model says what is wanted
 * (targets/migration/expected.ts); each target's reader says what its compiled form will get, platform defaults
 * included. Parity compares them field by field.
 */
import type { GiB, MiB, Seconds, Zones } from "./types.ts";

export interface ProbeBehaviour {
  readonly path: string;
  readonly port: number;
  readonly interval: Seconds;
  readonly timeout: Seconds;
  /** Failures in a row before the platform acts. */
  readonly failures: number;
}

/** A secret by reference: which one, and the JSON key inside it. Never a value. */
export interface SecretBehaviour {
  readonly secret: string;
  readonly key: string;
}

export interface ScalingBehaviour {
  readonly min: number;
  readonly max: number;
  /** Metric → target, `cpu` and `memory` in percent of what a replica is given, `lag:<topic>:<group>` and `depth:<queue>` in messages a replica. */
  readonly targets: Readonly<Record<string, number>>;
  readonly outCooldown: Seconds;
  readonly inCooldown: Seconds;
}

/** How many replicas a rollout keeps and allows when `count` are wanted: judged for every count that scaling can reach. */
export interface RolloutStep {
  readonly count: number;
  readonly atLeast: number;
  readonly atMost: number;
}

export interface StatementBehaviour {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
}

/**
 * A peer and the ports open towards it: `edge`, `workload:<name>`, `stores` (told apart by port), `aws` (its APIs),
 * `s3`, `internet`, `dns`. Ports ascending.
 */
export type Reach = Readonly<Record<string, readonly number[]>>;

export interface JobBehaviour {
  /** `schedule:*\/5 * * * *` (five fields), `queue:<name>`, `before:rollout`. */
  readonly trigger: string;
  /** How often the platform tries a run altogether. */
  readonly attempts: number;
  /** null: the platform lets it run for ever. */
  readonly deadline: Seconds | null;
  /** How many may run at once; null: no bound. */
  readonly maxParallel: number | null;
}

export interface Behaviour {
  readonly name: string;
  readonly kind: "longRunning" | "job";
  readonly image: string;
  /** null: the image's own. */
  readonly command: readonly string[] | null;
  /** Share of a CPU in vCPU, guaranteed. */
  readonly cpu: number;
  /** vCPU it can never exceed; null: whatever is free. */
  readonly cpuCap: number | null;
  readonly memoryGuaranteed: MiB;
  /** Killed above it. */
  readonly memoryLimit: MiB;
  /** Writable disk; null: as much as the node has. */
  readonly ephemeral: GiB | null;
  readonly sharedMemory: MiB | null;
  readonly gpus: number;
  readonly architecture: "x86_64" | "arm64";
  readonly ports: readonly number[];
  /** Plain settings; a call to another workload reads `workload://<name>:<port>`, whatever the platform's DNS. */
  readonly env: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, SecretBehaviour>>;
  /** Fails → replaced or restarted. */
  readonly liveness: ProbeBehaviour | null;
  /** Fails → no traffic. */
  readonly readiness: ProbeBehaviour | null;
  /** No failed probe counts before. */
  readonly startGrace: Seconds;
  /** Between leaving the traffic and SIGTERM. */
  readonly drain: Seconds;
  /** Between SIGTERM and SIGKILL. */
  readonly stopTimeout: Seconds;
  /** What failed liveness does; null for a job. */
  readonly whenUnhealthy: "replaced" | "restartedInPlace" | null;
  /** Replicas right after creation, before any autoscaler acts; null for a job. */
  readonly initialCount: number | null;
  readonly scaling: ScalingBehaviour | null;
  readonly rollout: readonly RolloutStep[];
  /** A rollout that fails goes back by itself. */
  readonly rollsBack: boolean;
  /** Replicas that maintenance may take away at once when as few run as scaling allows; null for a job. */
  readonly evictedAtOnce: number | null;
  readonly job: JobBehaviour | null;
  /** The cloud identity's permissions; null: the form carries none (any conformant cluster has no IAM). */
  readonly identity: readonly StatementBehaviour[] | null;
  readonly accepts: Reach;
  readonly reaches: Reach;
  /** Public paths on the load balancer. */
  readonly routes: readonly string[];
  readonly pool: string;
  readonly gpuModel: string | null;
  readonly purchase: "onDemand" | "spot";
  /** `any`: wherever there is room, as one run of a job is. */
  readonly zones: Zones | "any";
  readonly user: number;
  readonly readOnlyRoot: boolean;
  readonly privileged: boolean;
  /** Linux capabilities that are left; `default` stands for a container engine's usual set. */
  readonly capabilities: readonly string[];
  readonly writablePaths: readonly string[];
  readonly logs: string | null;
}
