/** The Kubernetes form: plain manifests, as `kubectl apply -f` takes them. */
import type { Deployment } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type {
  LimitRange,
  Namespace,
  PodSpec,
  ResourceQuota,
  Service,
  ServiceAccount,
} from "kubernetes-types/core/v1.d.ts";
import type { Ingress, NetworkPolicy } from "kubernetes-types/networking/v1.d.ts";
import type { PodDisruptionBudget } from "kubernetes-types/policy/v1.d.ts";
import type { PriorityClass } from "kubernetes-types/scheduling/v1.d.ts";

export type {
  CronJob,
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  Job,
  LimitRange,
  Namespace,
  NetworkPolicy,
  PodDisruptionBudget,
  PodSpec,
  PriorityClass,
  ResourceQuota,
  Service,
  ServiceAccount,
};

/** The library has every `kind` optional; what we emit always says it. */
type Kinded<T extends { kind?: string; apiVersion?: string }> = T & {
  readonly kind: NonNullable<T["kind"]>;
  readonly apiVersion: NonNullable<T["apiVersion"]>;
};

export type Manifest =
  | Kinded<CronJob>
  | Kinded<Deployment>
  | Kinded<HorizontalPodAutoscaler>
  | Kinded<Ingress>
  | Kinded<Job>
  | Kinded<LimitRange>
  | Kinded<Namespace>
  | Kinded<NetworkPolicy>
  | Kinded<PodDisruptionBudget>
  | Kinded<PriorityClass>
  | Kinded<ResourceQuota>
  | Kinded<Service>
  | Kinded<ServiceAccount>;

export type Kind = Manifest["kind"];

export interface KubernetesUnit {
  readonly manifests: readonly Manifest[];
}

export interface KubernetesShared {
  readonly manifests: readonly Manifest[];
}
