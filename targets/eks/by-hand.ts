/** Counts by hand on the compiled form: a floor for whichever autoscaler the workload has, or its count. */
import type { ByHand } from "../../platform/replicas.ts";
import type { EksManifest, EksUnit, ScaledObject } from "./forms.ts";

type Autoscaler = Extract<EksManifest, { kind: "HorizontalPodAutoscaler" }>;
type Deployment = Extract<EksManifest, { kind: "Deployment" }>;

export function byHand(unit: EksUnit, counts: ByHand): EksUnit {
  const count = "exactly" in counts ? counts.exactly : undefined;
  // An autoscaler of Kubernetes' own has no zero: without it the Deployment says the count.
  const without = count === 0 && unit.manifests.some(isAutoscaler);
  const manifests = unit.manifests
    .filter((manifest) => !(without && isAutoscaler(manifest)))
    .map((manifest) => (count === undefined ? floored(manifest, counts) : counted(manifest, count, without)));
  return { ...unit, manifests };
}

function isAutoscaler({ kind }: EksManifest): boolean {
  return kind === "HorizontalPodAutoscaler";
}

function floored(manifest: EksManifest, counts: ByHand): EksManifest {
  const least = "atLeast" in counts ? counts.atLeast : 1;
  if (manifest.kind === "HorizontalPodAutoscaler") return between(manifest, least);
  if (manifest.kind !== "ScaledObject") return manifest;
  const minReplicaCount = Math.max(manifest.spec.minReplicaCount, least);
  return { ...manifest, spec: { ...manifest.spec, minReplicaCount } };
}

function counted(manifest: EksManifest, count: number, alone: boolean): EksManifest {
  if (manifest.kind === "HorizontalPodAutoscaler") return between(manifest, count, count);
  if (manifest.kind === "ScaledObject") return paused(manifest, count);
  return manifest.kind === "Deployment" ? fixed(manifest, count, alone) : manifest;
}

function between(manifest: Autoscaler, least: number, most?: number): Autoscaler {
  const { spec } = manifest;
  if (!spec) return manifest;
  const minReplicas = most === undefined ? Math.max(spec.minReplicas ?? 1, least) : least;
  return { ...manifest, spec: { ...spec, minReplicas, maxReplicas: most ?? spec.maxReplicas } };
}

/** Where no autoscaler says the count: a singleton's never does. */
function fixed(manifest: Deployment, count: number, alone: boolean): Deployment {
  const { metadata, spec } = manifest;
  if (!spec || !(alone || spec.replicas !== undefined)) return manifest;
  // The autoscaler wrote the field last, and the API server keeps it for whoever did.
  const annotations = { ...metadata?.annotations, "pulumi.com/patchForce": "true" };
  return { ...manifest, metadata: { ...metadata, annotations }, spec: { ...spec, replicas: count } };
}

/** KEDA holds the count, zero too, until the annotation goes. @source KEDA 2, "Scaling Deployments", Pause autoscaling */
function paused({ metadata, ...rest }: ScaledObject, count: number): ScaledObject {
  const annotations = { ...metadata.annotations, "autoscaling.keda.sh/paused-replicas": String(count) };
  return { ...rest, metadata: { ...metadata, annotations } };
}
