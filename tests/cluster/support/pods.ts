/** The pods that controllers would make of a manifest, and plausible text where only a cloud knows the value. */
import { fillPlaceholders, type Placeholder } from "../../../platform/model/placeholders.ts";
import type { EksManifest } from "../../../targets/eks/forms.ts";
import type { Deployment } from "../../../targets/kubernetes/forms.ts";
import type { Applicable } from "./api.ts";

type Template = NonNullable<Deployment["spec"]>["template"];

export interface Pod extends Applicable {
  readonly spec?: Template["spec"];
}

/**
 * Admission only warns about a template, but refuses a pod: so the pod is what is tried.
 * Deployment, Job, CronJob and ScaledJob have one; everything else has none.
 */
export function podsOf(manifest: EksManifest): readonly Pod[] {
  const template = templateOf(manifest);
  if (!template) return [];
  const { name = "pod", namespace = "default" } = manifest.metadata ?? {};
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: { ...template.metadata, name: `${name}-0`, namespace },
      spec: template.spec,
    },
  ];
}

function templateOf(manifest: EksManifest): Template | undefined {
  if (manifest.kind === "Deployment" || manifest.kind === "Job") return manifest.spec?.template;
  if (manifest.kind === "CronJob") return manifest.spec?.jobTemplate.spec?.template;
  return manifest.kind === "ScaledJob" ? manifest.spec.jobTargetRef.template : undefined;
}

/** An account number of AWS's documentation. */
const ACCOUNT = "111122223333";

/** The same manifest with each placeholder filled: ARNs, ids and addresses as AWS writes them. */
export function filled<M extends EksManifest>(manifest: M, region: string): M {
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
