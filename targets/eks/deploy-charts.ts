/**
 * Helm charts as releases of Helm's own: it waits until a release's pods are ready, and renders a chart only when
 * something about it changes. Some make a certificate each time they are rendered, which would change every run.
 */
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Chart } from "./charts.ts";

const TIMEOUT_SECONDS = 600;
const KEPT_REVISIONS = 3;

/** A namespace of its own for each, which admits no more than the chart's pods need. */
export function createRelease(
  { name, repository, version, podSecurity }: Chart,
  values: Readonly<Record<string, unknown>>,
  provider: k8s.Provider,
  dependsOn: readonly pulumi.Resource[],
): k8s.helm.v3.Release {
  const namespace = new k8s.core.v1.Namespace(
    name,
    { metadata: { name, labels: { "pod-security.kubernetes.io/enforce": podSecurity } } },
    { provider, dependsOn: [...dependsOn] },
  );
  return new k8s.helm.v3.Release(
    name,
    {
      name,
      chart: name,
      version,
      repositoryOpts: { repo: repository },
      namespace: namespace.metadata.name,
      values: { ...values },
      // An upgrade that does not get ready goes back to what ran before.
      atomic: true,
      timeout: TIMEOUT_SECONDS,
      maxHistory: KEPT_REVISIONS,
    },
    { provider, dependsOn: [...dependsOn, namespace] },
  );
}
