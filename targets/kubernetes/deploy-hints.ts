/** What Pulumi is to wait for, said by annotations that the cluster ignores. */
import type { ClusterManifest } from "./forms.ts";

const HINTS: Partial<Record<ClusterManifest["kind"], Readonly<Record<string, string>>>> = {
  // A Service would wait for ready pods while the pods' readiness may wait for the Service.
  Service: { "pulumi.com/skipAwait": "true" },
  // Its address comes from the cluster's controller, in its own time.
  Ingress: { "pulumi.com/skipAwait": "true" },
  // A run that failed is run again, not left as it is.
  Job: { "pulumi.com/replaceUnready": "true" },
  Deployment: { "pulumi.com/timeoutSeconds": "1200" },
  // A disk has to be made first, and a large log is read back at each start.
  StatefulSet: { "pulumi.com/timeoutSeconds": "1200" },
};

export function withHints(manifest: ClusterManifest): object {
  const hints = HINTS[manifest.kind];
  if (!hints) return manifest;
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...hints } } };
}
