/** Which Secrets the manifests refer to, and where each one's value is kept. */
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import type { Compiled } from "../target.ts";
import type { KubernetesShared, KubernetesUnit, Manifest, PodSpec } from "./forms.ts";

/** By the Secret's name, the ARN in Secrets Manager: whatever the cluster has (External Secrets, a CSI driver) reads it. */
export function secretsOf(
  units: Compiled<KubernetesUnit, KubernetesShared>["units"],
  foundation: Foundation,
): Readonly<Record<string, pulumi.Output<string>>> {
  const names = Object.values(units)
    .flatMap(({ manifests }) => manifests.flatMap((manifest) => podsOf(manifest)))
    .flatMap(({ containers }) => containers.flatMap(({ env = [] }) => env))
    .flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []);
  return Object.fromEntries(
    [...new Set(names)].sort().map((name) => [name, foundation.value({ kind: "secret", name, attribute: "arn" })]),
  );
}

function podsOf(manifest: Manifest): readonly PodSpec[] {
  if (manifest.kind === "CronJob") return present(manifest.spec?.jobTemplate.spec?.template.spec);
  if (manifest.kind === "Deployment" || manifest.kind === "Job") return present(manifest.spec?.template.spec);
  return [];
}

function present(pod: PodSpec | undefined): readonly PodSpec[] {
  return pod ? [pod] : [];
}
