/**
 * What a cluster will do with a unit's manifests, the API server's and the kubelet's defaults filled in. Shares no code
 * with the compiler.
 */
import type { Behaviour, JobBehaviour, RolloutStep, ScalingBehaviour } from "../../platform/model/behaviour.ts";
import type { Surroundings } from "../target.ts";
import type { Deployment, KubernetesUnit, Manifest, PodSpec } from "./forms.ts";
import { readReach } from "./read-network.ts";
import { readPod } from "./read-pod.ts";

/** @source Kubernetes API reference, Deployment, HorizontalPodAutoscaler v2, Job; 1.30 */
const DEFAULTS = {
  surge: "25%",
  unavailable: "25%",
  scaleDownWindow: 300,
  scaleUpPeriod: 15,
  backoffLimit: 6,
} as const;

type Of<K extends Manifest["kind"]> = Extract<Manifest, { kind: K }>;

function one<K extends Manifest["kind"]>({ manifests }: KubernetesUnit, kind: K): Of<K> | undefined {
  return manifests.find((manifest): manifest is Of<K> => manifest.kind === kind);
}

export function read(unit: KubernetesUnit, surroundings: Surroundings): Behaviour {
  const deployment = one(unit, "Deployment");
  const scaling = readScaling(unit);
  const workload = deployment ?? one(unit, "CronJob") ?? one(unit, "Job");
  return {
    name: workload?.metadata?.name ?? "",
    kind: deployment ? "longRunning" : "job",
    ...readPod(podOf(unit), deployment?.spec?.template.metadata?.labels ?? {}),
    whenUnhealthy: deployment ? "restartedInPlace" : null,
    // Without `replicas` a Deployment starts with one and the autoscaler climbs to its minimum.
    initialCount: deployment ? (deployment.spec?.replicas ?? 1) : null,
    scaling,
    rollout: deployment ? readRollout(deployment, scaling) : [],
    rollsBack: false,
    evictedAtOnce: deployment ? evicted(unit, scaling) : null,
    job: deployment ? null : readJob(unit),
    identity: null,
    ...readReach(unit, surroundings),
    routes: readRoutes(unit),
    logs: null,
  };
}

/** Paths of the Ingress rules whose backend is this unit's Service. */
function readRoutes(unit: KubernetesUnit): readonly string[] {
  const name = one(unit, "Service")?.metadata?.name;
  const paths = (one(unit, "Ingress")?.spec?.rules ?? []).flatMap(({ http }) => http?.paths ?? []);
  return paths
    .filter(({ backend }) => name !== undefined && backend.service?.name === name)
    .map(({ path = "/", pathType }) => (pathType === "Prefix" ? `${path.replace(/\/$/, "")}/*` : path));
}

function podOf(unit: KubernetesUnit): PodSpec {
  const spec =
    one(unit, "Deployment")?.spec?.template.spec ??
    one(unit, "CronJob")?.spec?.jobTemplate.spec?.template.spec ??
    one(unit, "Job")?.spec?.template.spec;
  if (!spec) throw new TypeError("A unit without a Deployment, CronJob or Job");
  return spec;
}

function readScaling(unit: KubernetesUnit): ScalingBehaviour | null {
  const scaler = one(unit, "HorizontalPodAutoscaler");
  const target = scaler?.spec?.scaleTargetRef;
  if (!scaler?.spec || target?.kind !== "Deployment" || target.name !== one(unit, "Deployment")?.metadata?.name)
    return null;
  const { minReplicas = 1, maxReplicas, metrics = [], behavior } = scaler.spec;
  return {
    min: minReplicas,
    max: maxReplicas,
    targets: Object.fromEntries(metrics.map(metricTarget)),
    outCooldown: Math.max(
      ...(behavior?.scaleUp?.policies ?? [{ periodSeconds: DEFAULTS.scaleUpPeriod }]).map(
        ({ periodSeconds }) => periodSeconds,
      ),
    ),
    inCooldown: behavior?.scaleDown?.stabilizationWindowSeconds ?? DEFAULTS.scaleDownWindow,
  };
}

type Metric = NonNullable<NonNullable<Of<"HorizontalPodAutoscaler">["spec"]>["metrics"]>[number];

/** A share of the request, or what a metrics server outside of the cluster says for each replica. */
function metricTarget({ resource, external }: Metric): readonly [string, number] {
  if (external) return [external.metric.name, Number(external.target.averageValue ?? 0)];
  return [resource?.name ?? "unknown", resource?.target.averageUtilization ?? 0];
}

/** `maxUnavailable` rounds down, `maxSurge` rounds up. */
function readRollout({ spec }: Deployment, scaling: ScalingBehaviour | null): readonly RolloutStep[] {
  const { min, max } = scaling ?? { min: spec?.replicas ?? 1, max: spec?.replicas ?? 1 };
  const rolling = spec?.strategy?.rollingUpdate;
  const recreate = spec?.strategy?.type === "Recreate";
  return Array.from({ length: max - min + 1 }, (_, index) => {
    const count = min + index;
    if (recreate) return { count, atLeast: 0, atMost: count };
    return {
      count,
      atLeast: count - share(rolling?.maxUnavailable ?? DEFAULTS.unavailable, count, Math.floor),
      atMost: count + share(rolling?.maxSurge ?? DEFAULTS.surge, count, Math.ceil),
    };
  });
}

/** A number, or a percentage of `count` that is rounded as told. */
export function share(value: string | number, count: number, round: (value: number) => number): number {
  if (typeof value === "number") return value;
  return value.endsWith("%") ? round((count * Number(value.slice(0, -1))) / 100) : Number(value);
}

/** Without a budget a drain takes all there are. */
function evicted(unit: KubernetesUnit, scaling: ScalingBehaviour | null): number {
  const count = scaling?.min ?? one(unit, "Deployment")?.spec?.replicas ?? 1;
  const budget = one(unit, "PodDisruptionBudget")?.spec;
  const labels = one(unit, "Deployment")?.spec?.template.metadata?.labels ?? {};
  const selected = Object.entries(budget?.selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  if (!budget || !selected) return count;
  if (budget.maxUnavailable !== undefined) return Math.min(count, share(budget.maxUnavailable, count, Math.ceil));
  return count - share(budget.minAvailable ?? 0, count, Math.ceil);
}

function readJob(unit: KubernetesUnit): JobBehaviour {
  const cron = one(unit, "CronJob")?.spec;
  const job = cron?.jobTemplate.spec ?? one(unit, "Job")?.spec;
  return {
    trigger: cron ? `schedule:${cron.schedule}` : "before:rollout",
    attempts: (job?.backoffLimit ?? DEFAULTS.backoffLimit) + 1,
    deadline: job?.activeDeadlineSeconds ?? null,
    maxParallel:
      cron && cron.concurrencyPolicy !== "Forbid" && cron.concurrencyPolicy !== "Replace"
        ? null
        : (job?.parallelism ?? 1),
  };
}
