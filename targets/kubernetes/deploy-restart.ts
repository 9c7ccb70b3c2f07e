/** A pod reads a Secret when it starts: whoever has its name in the template starts anew once the Secret has changed. */
import * as pulumi from "@pulumi/pulumi";
import { LABEL_DOMAIN } from "../../platform/conventions.ts";
import type { CreatedSecret } from "./deploy-secrets.ts";
import type { ClusterManifest, PodSpec } from "./forms.ts";

/** The cluster's number for the Secrets as they are: it tells nothing of what is in them. */
const VERSION_ANNOTATION = `${LABEL_DOMAIN}/secrets-version`;

/** The arguments as they are, or with the versions of the Secrets that the pods read. A job's next run reads them anyway. */
export function restartedWith(
  secrets: readonly CreatedSecret[],
  manifest: ClusterManifest,
  args: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (manifest.kind !== "Deployment" && manifest.kind !== "StatefulSet") return args;
  const names = namesIn(manifest.spec?.template.spec);
  const read = secrets.filter(
    ({ form }) => form.namespace === manifest.metadata?.namespace && names.includes(form.name),
  );
  if (read.length === 0) return args;
  const versions = read.map(({ secret }) => secret.metadata.resourceVersion);
  const version = pulumi.all(versions).apply((all) => all.join("-"));
  return annotated(args, version);
}

function namesIn(pod: PodSpec | undefined): readonly string[] {
  const containers = [...(pod?.initContainers ?? []), ...(pod?.containers ?? [])];
  return containers.flatMap(({ env = [] }) => env.flatMap(({ valueFrom }) => valueFrom?.secretKeyRef?.name ?? []));
}

function annotated(args: Readonly<Record<string, unknown>>, version: pulumi.Output<string>) {
  const spec = record(args["spec"]);
  const template = record(spec["template"]);
  const metadata = record(template["metadata"]);
  const annotations = { ...record(metadata["annotations"]), [VERSION_ANNOTATION]: version };
  return { ...args, spec: { ...spec, template: { ...template, metadata: { ...metadata, annotations } } } };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
