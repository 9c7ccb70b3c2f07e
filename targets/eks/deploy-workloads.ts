/** Compiled manifests → resources in the cluster, in the order in which they need each other. */
import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { filledDeep } from "../../platform/foundation/index.ts";
import type { EksContext } from "./deploy-context.ts";
import { creatorOf, withHints } from "./deploy-kinds.ts";
import type { EksKind, EksManifest } from "./forms.ts";

/**
 * Kind → stage; a stage needs those before it. A pod is fenced and its secrets are there before it starts, and the
 * controller puts its readiness gate only into pods that come after their Service and its binding.
 */
const STAGES: Readonly<Record<EksKind, Stage>> = {
  Namespace: "namespace",
  LimitRange: "shared",
  PriorityClass: "shared",
  ResourceQuota: "shared",
  StorageClass: "shared",
  TriggerAuthentication: "shared",
  NetworkPolicy: "fences",
  SecretStore: "fences",
  SecurityGroupPolicy: "fences",
  ServiceAccount: "fences",
  ExternalSecret: "secrets",
  Job: "before",
  Ingress: "addresses",
  Service: "addresses",
  TargetGroupBinding: "bindings",
  CronJob: "pods",
  Deployment: "pods",
  ScaledJob: "pods",
  HorizontalPodAutoscaler: "scaling",
  PodDisruptionBudget: "scaling",
  ScaledObject: "scaling",
};
type Stage = (typeof SHARED | typeof READY | typeof BEFORE | typeof ROLLOUT)[number];
const SHARED = ["namespace", "shared", "fences"] as const;
const READY = ["fences", "secrets"] as const;
/** What every rollout waits for, whosever job it is. */
const BEFORE = ["before"] as const;
const ROLLOUT = ["addresses", "bindings", "pods", "scaling"] as const;

export interface Workload {
  readonly manifests: readonly EksManifest[];
  /** What its pods cannot do without: credentials, openings in security groups. */
  readonly needs: readonly pulumi.Resource[];
}

/** Everything that a rollout makes, for whoever waits until it is steady. */
export function createWorkloads(
  provider: k8s.Provider,
  workloads: readonly Workload[],
  needs: readonly pulumi.Resource[],
  context: EksContext,
): readonly pulumi.Resource[] {
  const inStages = (
    manifests: readonly EksManifest[],
    stages: readonly Stage[],
    first: readonly pulumi.Resource[],
  ): readonly pulumi.Resource[] =>
    stages.reduce<readonly pulumi.Resource[]>((made, stage) => {
      const ofStage = manifests.filter(({ kind }) => STAGES[kind] === stage);
      return [...made, ...ofStage.map((each) => create(each, provider, [...first, ...made], context))];
    }, []);
  const shared = inStages(context.compiled.shared.manifests, SHARED, needs);
  const ready = workloads.map((workload) => ({
    ...workload,
    needs: inStages(workload.manifests, READY, [...shared, ...workload.needs]),
  }));
  const before = ready.flatMap((workload) => inStages(workload.manifests, BEFORE, workload.needs));
  return ready.flatMap((workload) => inStages(workload.manifests, ROLLOUT, [...workload.needs, ...before]));
}

function create(
  manifest: EksManifest,
  provider: k8s.Provider,
  dependsOn: readonly pulumi.Resource[],
  { resolve }: EksContext,
): pulumi.Resource {
  const args = filledDeep(withHints(manifest), resolve);
  if (typeof args !== "object" || args === null) throw new Error("A manifest is an object.");
  const name = manifest.metadata?.name ?? manifest.kind;
  return creatorOf(manifest.kind)(name, args, { provider, dependsOn: [...dependsOn] });
}
