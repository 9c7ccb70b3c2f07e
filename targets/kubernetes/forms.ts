/** The Kubernetes form: plain manifests, as `kubectl apply -f` takes them. */
import type { Deployment, StatefulSet } from "kubernetes-types/apps/v1.d.ts";
import type { HorizontalPodAutoscaler } from "kubernetes-types/autoscaling/v2.d.ts";
import type { CronJob, Job } from "kubernetes-types/batch/v1.d.ts";
import type {
  ConfigMap,
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
  ConfigMap,
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
  StatefulSet,
};

/** The library has every `kind` optional; what we emit always says it. */
type Kinded<T extends { kind?: string; apiVersion?: string }> = T & {
  readonly kind: NonNullable<T["kind"]>;
  readonly apiVersion: NonNullable<T["apiVersion"]>;
};

/** What workloads are made of, on any cluster. */
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

/** What a cluster has beside them where it brings its stores itself. */
export type ClusterManifest = Manifest | Kinded<ConfigMap> | Kinded<StatefulSet>;

export type Kind = ClusterManifest["kind"];

export interface KubernetesUnit {
  readonly manifests: readonly Manifest[];
}

export interface KubernetesShared {
  readonly manifests: readonly ClusterManifest[];
}
