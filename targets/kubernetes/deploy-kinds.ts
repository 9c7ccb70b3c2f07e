/** Kind → the SDK's typed resource. A manifest of a kind that stands not here is refused by the compiler's types. */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Kind } from "./forms.ts";

export type Create = (name: string, args: object, options: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/** The manifests are typed by the API's own schema where they are compiled, the SDK's arguments by the same. */
function typed<Args extends object>(
  Resource: new (name: string, args?: Args, options?: pulumi.CustomResourceOptions) => pulumi.CustomResource,
): Create {
  return (name, args, options) => new Resource(name, args as Args, options);
}

const KINDS: Readonly<Record<Kind, Create>> = {
  ConfigMap: typed(k8s.core.v1.ConfigMap),
  CronJob: typed(k8s.batch.v1.CronJob),
  Deployment: typed(k8s.apps.v1.Deployment),
  HorizontalPodAutoscaler: typed(k8s.autoscaling.v2.HorizontalPodAutoscaler),
  Ingress: typed(k8s.networking.v1.Ingress),
  Job: typed(k8s.batch.v1.Job),
  LimitRange: typed(k8s.core.v1.LimitRange),
  Namespace: typed(k8s.core.v1.Namespace),
  NetworkPolicy: typed(k8s.networking.v1.NetworkPolicy),
  PodDisruptionBudget: typed(k8s.policy.v1.PodDisruptionBudget),
  PriorityClass: typed(k8s.scheduling.v1.PriorityClass),
  ResourceQuota: typed(k8s.core.v1.ResourceQuota),
  Service: typed(k8s.core.v1.Service),
  ServiceAccount: typed(k8s.core.v1.ServiceAccount),
  StatefulSet: typed(k8s.apps.v1.StatefulSet),
};

export function creatorOf(kind: Kind): Create {
  return KINDS[kind];
}
