/** What the Kubernetes rules are about. Whatever makes pods is read as the pods that it makes. */
import type { types } from "@pulumi/kubernetes";
import { ofType, seen, type Plain, type Subject } from "../framework/given.ts";

export type PodSpec = Plain<types.input.core.v1.PodSpec>;
export type Container = Plain<types.input.core.v1.Container>;
export type Metadata = Plain<types.input.meta.v1.ObjectMeta>;

interface Template {
  readonly metadata?: Metadata;
  readonly spec?: PodSpec;
}

/** Deployment, StatefulSet, DaemonSet, ReplicaSet and Job have `template`, a CronJob a `jobTemplate`; a Pod is one. */
export interface PodOwner {
  readonly metadata?: Metadata;
  readonly spec?: PodSpec & {
    readonly template?: Template;
    readonly jobTemplate?: { readonly spec?: { readonly template?: Template } };
  };
}

export interface Pod {
  readonly spec: PodSpec;
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly namespace: string | undefined;
  /** Those that serve, and those that prepare. */
  readonly containers: readonly Container[];
}

const LASTING = ["kubernetes:apps/v1:Deployment", "kubernetes:apps/v1:StatefulSet", "kubernetes:apps/v1:DaemonSet"];
const ENDING = ["kubernetes:batch/v1:Job", "kubernetes:batch/v1:CronJob"];
const BARE = ["kubernetes:core/v1:Pod", "kubernetes:apps/v1:ReplicaSet"];

export function readPod({ metadata, spec = {} }: PodOwner): Pod {
  const template = spec.template ?? spec.jobTemplate?.spec?.template ?? { metadata, spec };
  const { containers = [], initContainers = [] } = template.spec ?? {};
  return {
    spec: template.spec ?? {},
    labels: template.metadata?.labels ?? {},
    namespace: metadata?.namespace,
    containers: [...initContainers, ...containers],
  };
}

function owners(types: readonly string[]): Subject<PodOwner, Pod> {
  return seen({ types, view: (props: PodOwner) => props }, readPod);
}

export const pods = owners([...LASTING, ...ENDING, ...BARE]);
/** Those that are to run for ever. */
export const lasting = owners(LASTING);
export const jobs = owners(ENDING);

export const namespaces = ofType<types.input.core.v1.Namespace>("kubernetes:core/v1:Namespace");
export const quotas = ofType<types.input.core.v1.ResourceQuota>("kubernetes:core/v1:ResourceQuota");
export const limitRanges = ofType<types.input.core.v1.LimitRange>("kubernetes:core/v1:LimitRange");
export const k8sServices = ofType<types.input.core.v1.Service>("kubernetes:core/v1:Service");
export const budgets = ofType<types.input.policy.v1.PodDisruptionBudget>("kubernetes:policy/v1:PodDisruptionBudget");
export const networkPolicies = ofType<types.input.networking.v1.NetworkPolicy>(
  "kubernetes:networking.k8s.io/v1:NetworkPolicy",
);
export const autoscalers = ofType<types.input.autoscaling.v2.HorizontalPodAutoscaler>(
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
);

/** `containers.api.image`; the path below the pod's own spec. */
export function inContainer({ name = "?" }: Container, field: string): string {
  return `containers.${name}.${field}`;
}
