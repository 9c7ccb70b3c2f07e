/** Labels, addresses and names of the Kubernetes form. */
import { LABEL_DOMAIN } from "../../platform/conventions.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { UrlOf } from "../../platform/model/wiring.ts";
import type { Settings } from "../../platform/settings.ts";

/** The recommended labels. @source Kubernetes docs, "Recommended Labels" */
export function labels(workload: Workload, model: Model): Record<string, string> {
  return {
    "app.kubernetes.io/component": workload.kind,
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/name": workload.name,
    "app.kubernetes.io/part-of": model.project,
  };
}

/** What selects a workload's pods; never changed, for a Deployment's selector is immutable. */
export function selector(name: string): { "app.kubernetes.io/name": string } {
  return { "app.kubernetes.io/name": name };
}

export function metadata(workload: Workload, model: Model, { namespace }: Settings) {
  return { name: workload.name, namespace, labels: labels(workload, model) };
}

/** The whole name, so that `ndots` costs no extra look-up. */
export function serviceUrl(namespace: string): UrlOf {
  return ({ name, port }) => `http://${name}.${namespace}.svc.cluster.local:${port}`;
}

export const POOL_LABEL = `${LABEL_DOMAIN}/pool`;
export const GPU_LABEL = `${LABEL_DOMAIN}/gpu`;
export const PURCHASE_LABEL = `${LABEL_DOMAIN}/purchase`;

export const SERVING_PRIORITY = "serving";
export const BATCH_PRIORITY = "batch";
