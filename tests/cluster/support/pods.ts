/** The pods that controllers would make of a manifest, and plausible text where only a cloud knows the value. */
import { fillPlaceholders, type Placeholder } from "../../../platform/model/placeholders.ts";
import type { EksManifest } from "../../../targets/eks/forms.ts";
import type { ClusterManifest, Deployment } from "../../../targets/kubernetes/forms.ts";
import type { Applicable } from "./api.ts";

/** Of either form. */
export type AnyManifest = EksManifest | ClusterManifest;

type Template = NonNullable<Deployment["spec"]>["template"];

export interface Pod extends Applicable {
  readonly spec?: Template["spec"];
}

/**
 * Admission only warns about a template, but refuses a pod: so the pod is what is tried.
 * Whatever makes pods has a template; everything else has none.
 */
export function podsOf(manifest: AnyManifest): readonly Pod[] {
  const template = templateOf(manifest);
  if (!template) return [];
  const { name = "pod", namespace = "default" } = manifest.metadata ?? {};
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...template.metadata, name: `${name}-0`, namespace },
      spec: withClaims(template.spec, claimsOf(manifest)),
    },
  ];
}

/** A StatefulSet's controller gives each pod its claims as volumes. */
function claimsOf(manifest: AnyManifest): readonly { readonly name: string; readonly claimName: string }[] {
  if (manifest.kind !== "StatefulSet") return [];
  return (manifest.spec?.volumeClaimTemplates ?? []).map(({ metadata: { name = "" } = {} }) => ({
    name,
    claimName: `${name}-${manifest.metadata?.name ?? ""}-0`,
  }));
}

function withClaims(spec: Template["spec"], claims: ReturnType<typeof claimsOf>): Template["spec"] {
  if (!spec || claims.length === 0) return spec;
  const volumes = claims.map(({ name, claimName }) => ({ name, persistentVolumeClaim: { claimName } }));
  return { ...spec, volumes: [...(spec.volumes ?? []), ...volumes] };
}

function templateOf(manifest: AnyManifest): Template | undefined {
  const { kind } = manifest;
  if (kind === "Deployment" || kind === "Job" || kind === "StatefulSet") return manifest.spec?.template;
  if (kind === "CronJob") return manifest.spec?.jobTemplate.spec?.template;
  return kind === "ScaledJob" ? manifest.spec.jobTargetRef.template : undefined;
}

/** The same manifest, its template changed; one without a template stays as it is. */
export function withTemplate(manifest: AnyManifest, change: (template: Template) => Template): AnyManifest {
  if (manifest.kind === "Deployment" && manifest.spec)
    return { ...manifest, spec: { ...manifest.spec, template: change(manifest.spec.template) } };
  if (manifest.kind === "Job" && manifest.spec)
    return { ...manifest, spec: { ...manifest.spec, template: change(manifest.spec.template) } };
  const job = manifest.kind === "CronJob" ? manifest.spec?.jobTemplate.spec : undefined;
  if (manifest.kind !== "CronJob" || !manifest.spec || !job) return manifest;
  const jobTemplate = { ...manifest.spec.jobTemplate, spec: { ...job, template: change(job.template) } };
  return { ...manifest, spec: { ...manifest.spec, jobTemplate } };
}

/** The pod asks for one of something more, by its first container; of what a cluster adds, request and limit are the same. */
export function asking(resource: string) {
  return ({ metadata, spec }: Template): Template => {
    const [first, ...others] = spec?.containers ?? [];
    if (!spec || !first) return { metadata };
    const { requests, limits } = first.resources ?? {};
    const resources = { requests: { ...requests, [resource]: "1" }, limits: { ...limits, [resource]: "1" } };
    return { metadata, spec: { ...spec, containers: [{ ...first, resources }, ...others] } };
  };
}

/** Another version of the same workload. */
export function running(image: string) {
  return ({ metadata, spec }: Template): Template => ({
    metadata,
    ...(spec ? { spec: { ...spec, containers: spec.containers.map((each) => ({ ...each, image })) } } : {}),
  });
}

/** The same pod under a name of its own, that nothing selects, with other requests and no CPU limit in their way. */
export function podAsking(pod: Pod, name: string, requests: Readonly<Record<string, string>>): Pod {
  const { apiVersion, kind, metadata, spec } = pod;
  if (!spec) return pod;
  const containers = spec.containers.map((container) => {
    const limits = Object.fromEntries(
      Object.entries(container.resources?.limits ?? {}).filter(([resource]) => resource !== "cpu"),
    );
    return { ...container, resources: { requests: { ...container.resources?.requests, ...requests }, limits } };
  });
  return {
    apiVersion,
    kind,
    metadata: { name, namespace: metadata?.namespace ?? "default" },
    spec: { ...spec, containers },
  };
}

/** An account number of AWS's documentation. */
const ACCOUNT = "111122223333";

/** The same manifest with each placeholder filled: ARNs, ids and addresses as AWS writes them. */
export function filled<M extends AnyManifest>(manifest: M, region: string): M {
  return JSON.parse(fillPlaceholders(JSON.stringify(manifest), (each) => plausible(each, region))) as M;
}

function plausible({ kind, name, attribute }: Placeholder, region: string): string {
  switch (`${kind}.${attribute}`) {
    case "role.arn":
      return `arn:aws:iam::${ACCOUNT}:role/${name}`;
    case "secret.arn":
      return `arn:aws:secretsmanager:${region}:${ACCOUNT}:secret:${name}-a1B2c3`;
    case "securityGroup.id":
      return "sg-0123456789abcdef0";
    case "targetGroup.arn":
      return `arn:aws:elasticloadbalancing:${region}:${ACCOUNT}:targetgroup/${name}/0123456789abcdef`;
    case "queue.url":
      return `https://sqs.${region}.amazonaws.com/${ACCOUNT}/${name}`;
    case "store.brokers":
      return `b-1.${name}.example.internal:9098,b-2.${name}.example.internal:9098`;
    default:
      return `${name}-${attribute.toLowerCase()}`;
  }
}
