/**
 * Compiled manifests → typed Kubernetes resources, on any conformant cluster: the one that the kubeconfig of whoever runs
 * this points at. Nothing else is needed: stores, queues and buckets are among the manifests, Secrets come from the
 * stack's configuration.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { filledDeep } from "../../platform/foundation/fill.ts";
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Side } from "../alb/index.ts";
import type { Compiled } from "../target.ts";
import { answer } from "./answers.ts";
import { creatorOf } from "./deploy-kinds.ts";
import { withHints } from "./deploy-hints.ts";
import { restartedWith } from "./deploy-restart.ts";
import { createSecrets, type CreatedSecret } from "./deploy-secrets.ts";
import type { ClusterManifest, KubernetesShared, KubernetesUnit } from "./forms.ts";
import { PHASES, phaseOf } from "./phases.ts";
import { dataNamespace } from "./stores/names.ts";

export function deploy(compiled: Compiled<KubernetesUnit, KubernetesShared>, model: Model, settings: Settings): Side {
  const { namespace, kubernetes } = settings;
  const data = dataNamespace(settings);
  const provider = new k8s.Provider("cluster", {
    namespace,
    enableServerSideApply: true,
    ...(kubernetes.context === undefined ? {} : { context: kubernetes.context }),
  });
  const manifests = [...compiled.shared.manifests, ...Object.values(compiled.units).flatMap((unit) => unit.manifests)];
  const nameOf = (thing: { readonly name: string; readonly namespace?: string }) =>
    thing.namespace === data ? `data-${thing.name}` : thing.name;
  let secrets: readonly CreatedSecret[] = [];
  const create = (manifest: ClusterManifest, dependsOn: pulumi.Resource[]): pulumi.Resource => {
    const args = filledDeep(withHints(manifest), (placeholder) => pulumi.output(answer(placeholder, model, settings)));
    const { name = manifest.kind, namespace } = manifest.metadata ?? {};
    return creatorOf(manifest.kind)(
      nameOf({ name, ...(namespace === undefined ? {} : { namespace }) }),
      restartedWith(secrets, manifest, toArgs(args)),
      { provider, dependsOn, protect: isStore(manifest, data) },
    );
  };
  let ready: pulumi.Resource[] = [];
  for (const phase of PHASES) {
    const needs = ready;
    const made = manifests.filter((each) => phaseOf(each, data) === phase).map((each) => create(each, needs));
    if (phase === "fences") {
      secrets = createSecrets(model, settings, nameOf, { provider, dependsOn: needs });
      made.push(...secrets.map(({ secret }) => secret));
    }
    if (made.length > 0) ready = made;
  }
  return {
    target: "kubernetes",
    routes: [],
    ...(kubernetes.domain === undefined
      ? {}
      : { url: `${kubernetes.tlsSecret ? "https" : "http"}://${kubernetes.domain}` }),
    steady: ready,
    outputs: { namespace, dataNamespace: data },
  };
}

/** What holds data, and the namespace without which its disks would go. */
function isStore({ kind, metadata }: ClusterManifest, data: string): boolean {
  return kind === "StatefulSet" || (kind === "Namespace" && metadata?.name === data);
}

function toArgs(filled: pulumi.Input<unknown>): Readonly<Record<string, unknown>> {
  if (typeof filled !== "object" || filled === null) throw new Error("A manifest is an object.");
  return { ...filled };
}
