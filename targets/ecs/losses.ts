/** What ECS cannot say, each with the bounds within which it may differ. */
import { isDeepStrictEqual } from "node:util";
import { loss, type Loss } from "../target.ts";

export const losses: readonly Loss[] = [
  loss({
    code: "fargate-size-cpu",
    path: "cpu",
    kind: "approximate",
    because:
      "Fargate sells CPU and memory in pairs; the cheapest pair that holds both gives more CPU than was asked for.",
    remedy:
      "Nothing has to be done: the workload gets more. To pay for what is used only, give `compute` a pair that Fargate sells, or set the size of the stack in `settings.compute`.",
    accepts: (wanted, found, whole) => onFargate(whole.found.pool) && found > wanted && found <= nextTier(whole.wanted),
  }),
  loss({
    code: "fargate-size-cap",
    path: "cpuCap",
    kind: "approximate",
    because: "The cap is the task's size, which is Fargate's pair.",
    remedy: "Nothing has to be done. Who tests under the cap of Kubernetes (a lower one) tests the tighter case.",
    accepts: (wanted, found, whole) =>
      onFargate(whole.found.pool) && wanted !== null && found !== null && found > wanted && found === whole.found.cpu,
  }),
  loss({
    code: "fargate-no-burst",
    path: "cpuCap",
    kind: "dropped",
    because: "Fargate's task size is a hard cap; a workload that would use its neighbours' idle CPU cannot.",
    remedy:
      "Give the workload the CPU of its peaks, or a pool of its own (EC2 tasks may burst). Compare p99 on both sides before a shift: the latency gate does.",
    accepts: (wanted, found, whole) => onFargate(whole.found.pool) && wanted === null && found === whole.found.cpu,
  }),
  loss({
    code: "fargate-size-memory",
    path: "memoryLimit",
    kind: "approximate",
    because: "Fargate sells CPU and memory in pairs; the pair's memory is the limit.",
    remedy:
      "Nothing has to be done: a pair's memory is more, never less. What is tuned to the limit (a heap, a cache) reads its size from its own settings, not from the machine's.",
    accepts: (wanted, found, whole) =>
      onFargate(whole.found.pool) && found > wanted && found <= nextMemory(wanted, whole.found.cpu),
  }),
  loss({
    code: "fargate-size-memory",
    path: "memoryGuaranteed",
    kind: "approximate",
    because: "Fargate sells CPU and memory in pairs; all of the pair's memory is the task's.",
    remedy:
      "Nothing has to be done: a pair's memory is more, never less. What is tuned to the limit (a heap, a cache) reads its size from its own settings, not from the machine's.",
    accepts: (wanted, found, whole) =>
      onFargate(whole.found.pool) && found > wanted && found === whole.found.memoryLimit,
  }),
  loss({
    code: "ec2-disk-unbounded",
    path: "ephemeral",
    kind: "dropped",
    because:
      "A task on EC2 shares its instance's disk and has no limit of its own; the instance's volume is sized for it.",
    remedy:
      "Keep scratch space small and delete it; watch the instances' disk by the alarm on `disk_used_percent`. On Kubernetes the kubelet evicts a pod that exceeds its limit, so the tighter side is the one to test on.",
    accepts: (wanted, found, whole) => !onFargate(whole.found.pool) && wanted !== null && found === null,
  }),
  loss({
    code: "shallow-readiness",
    path: "readiness",
    kind: "approximate",
    because:
      "A target that fails its load balancer's check is replaced, so ECS asks the shallow path; a replica that cannot reach its database keeps its traffic and answers 503.",
    remedy:
      "Let the service answer 503 with Retry-After while its database is away, as ours do, and alarm on 5xx. Do not point the target group at a deep check: a database that is away for a minute would have every task replaced.",
    accepts: (wanted, found, whole) =>
      wanted !== null &&
      found !== null &&
      found.path === whole.wanted.liveness?.path &&
      found.port === wanted.port &&
      (same(wanted, found) || same(whole.wanted.liveness, found)),
  }),
  loss({
    code: "service-connect-no-drain",
    path: "drain",
    kind: "approximate",
    because:
      "Only a load balancer's target waits before SIGTERM; a service that is reached by Service Connect is told to stop at once and goes on answering until its peers have turned away.",
    remedy:
      "Let the process finish what it has begun after SIGTERM and go on accepting for a second, as ours do; callers retry on a refused connection.",
    accepts: (wanted, found, whole) => wanted > 0 && found === 0 && whole.wanted.routes.length === 0,
  }),
  loss({
    code: "image-layers-by-s3",
    path: "reaches",
    kind: "approximate",
    because:
      "A Fargate task fetches its own image, whose layers lie in S3, so every task may reach S3's gateway endpoint.",
    remedy:
      "Nothing has to be done: the gateway endpoint's policy is where it can be narrowed to the region's own layer bucket.",
    accepts: (wanted, found, whole) =>
      whole.found.pool === "general" && !("s3" in wanted) && isDeepStrictEqual({ ...wanted, s3: [443] }, found),
  }),
  loss({
    code: "job-attempts",
    path: "job",
    kind: "approximate",
    because:
      "EventBridge repeats a launch that failed but not a task that failed, sets no deadline, and starts a run while another still runs: the job itself ends at JOB_DEADLINE_SECONDS and holds a lease.",
    remedy:
      "Make the job end itself at its deadline and hold a lease, as ours do; alarm on the failed invocations of its rule and on `StoppedTask` events. Kubernetes repeats and bounds it by itself.",
    accepts: (wanted, found) =>
      wanted !== null &&
      found !== null &&
      wanted.trigger === found.trigger &&
      found.attempts === 1 &&
      found.deadline === null &&
      (found.maxParallel === null || found.maxParallel === wanted.maxParallel),
  }),
];

/** Fargate's tiers are powers of two from a quarter, with at most 7.5 GB (8 below 4) for each vCPU. */
function nextTier({ cpu, memoryLimit }: { readonly cpu: number; readonly memoryLimit: number }): number {
  const perVcpu = memoryLimit <= 16 * 1024 ? 8 : 7.5;
  return Math.max(0.25, 2 ** Math.ceil(Math.log2(Math.max(cpu, memoryLimit / 1024 / perVcpu))));
}

/** A tier's memory starts at 2 GB a vCPU and goes in steps of 1, 4 (8 vCPU) or 8 GB (16 vCPU). */
function nextMemory(memory: number, vcpu: number): number {
  const step = vcpu >= 16 ? 8192 : vcpu >= 8 ? 4096 : 1024;
  return Math.max(2048 * vcpu, Math.ceil(memory / step) * step);
}

function onFargate(pool: string): boolean {
  return pool === "general";
}

interface Rhythm {
  readonly interval: number;
  readonly timeout: number;
  readonly failures: number;
}

function same(wanted: Rhythm, found: Rhythm): boolean {
  return wanted.interval === found.interval && wanted.timeout === found.timeout && wanted.failures === found.failures;
}
