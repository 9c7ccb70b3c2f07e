/** Kind → resource, for what EKS has beside a plain cluster's kinds; and what Pulumi is to wait for. */
import * as k8s from "@pulumi/kubernetes";
import { withHints as withPlainHints } from "../kubernetes/deploy-hints.ts";
import { creatorOf as creatorOfPlain, type Create } from "../kubernetes/deploy-kinds.ts";
import type { Kind, Manifest } from "../kubernetes/forms.ts";
import type { CustomResource, EksManifest, StorageClass } from "./forms.ts";

/** The operators' definitions have no types in the SDK; the forms have them, field by field. */
const custom: Create = (name, args, options) =>
  new k8s.apiextensions.CustomResource(name, args as k8s.apiextensions.CustomResourceArgs, options);

type OwnKind = (CustomResource | StorageClass)["kind"];

const KINDS: Readonly<Record<OwnKind, Create>> = {
  ExternalSecret: custom,
  ScaledJob: custom,
  ScaledObject: custom,
  SecretStore: custom,
  SecurityGroupPolicy: custom,
  StorageClass: (name, args, options) =>
    new k8s.storage.v1.StorageClass(name, args as k8s.storage.v1.StorageClassArgs, options),
  TargetGroupBinding: custom,
  TriggerAuthentication: custom,
};

export function creatorOf(kind: OwnKind | Kind): Create {
  return isOwn(kind) ? KINDS[kind] : creatorOfPlain(kind);
}

const HINTS: Partial<Record<OwnKind, Readonly<Record<string, string>>>> = {
  // Until the secret has been read, no pod that refers to it starts; a refusal shows here and not as a pod that waits.
  ExternalSecret: { "pulumi.com/timeoutSeconds": "600", "pulumi.com/waitFor": "condition=Ready" },
};

/** Annotations that the cluster ignores. */
export function withHints(manifest: EksManifest): object {
  if (isPlain(manifest)) return withPlainHints(manifest);
  const hints = HINTS[manifest.kind];
  if (!hints) return manifest;
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, annotations: { ...metadata?.annotations, ...hints } } };
}

function isOwn(kind: OwnKind | Kind): kind is OwnKind {
  return Object.hasOwn(KINDS, kind);
}

function isPlain(manifest: EksManifest): manifest is Manifest {
  return !isOwn(manifest.kind);
}
