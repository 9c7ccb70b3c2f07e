/**
 * Compiled manifests → typed Kubernetes resources, on any conformant cluster inside the foundation's network: the one
 * that the kubeconfig of whoever runs this points at. What a cluster brings by itself (an ingress controller, the
 * Secrets that pods refer to) is its owner's; the outputs name the Secrets and where their values are.
 */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { filledDeep, type Foundation } from "../../platform/foundation/index.ts";
import type { Side } from "../alb/index.ts";
import type { Compiled } from "../target.ts";
import { admitCluster } from "./deploy-admission.ts";
import { creatorOf } from "./deploy-kinds.ts";
import { secretsOf } from "./deploy-secrets.ts";
import { withHints } from "./deploy-hints.ts";
import type { KubernetesShared, KubernetesUnit, Manifest } from "./forms.ts";

export function deploy(compiled: Compiled<KubernetesUnit, KubernetesShared>, foundation: Foundation): Side {
  const provider = new k8s.Provider("cluster", {
    namespace: foundation.settings.namespace,
    enableServerSideApply: true,
  });
  const create = (manifest: Manifest, dependsOn: readonly pulumi.Resource[]): pulumi.Resource => {
    const args = filledDeep(withHints(manifest), (placeholder) => foundation.value(placeholder));
    return creatorOf(manifest.kind)(manifest.metadata?.name ?? manifest.kind, toArgs(args), {
      provider,
      dependsOn: [...dependsOn],
    });
  };
  const admitted = [...foundation.ready, ...admitCluster(foundation)];
  const namespace = compiled.shared.manifests
    .filter(({ kind }) => kind === "Namespace")
    .map((each) => create(each, []));
  const shared = [
    ...namespace,
    ...compiled.shared.manifests.filter(({ kind }) => kind !== "Namespace").map((each) => create(each, namespace)),
  ];
  const manifests = Object.values(compiled.units).flatMap((unit) => unit.manifests);
  const ofKind = (...kinds: readonly string[]) => manifests.filter(({ kind }) => kinds.includes(kind));
  // Identity and fences first, then what a rollout waits for, then everything else.
  const fences = ofKind("ServiceAccount", "NetworkPolicy").map((each) => create(each, shared));
  const before = ofKind("Job").map((each) => create(each, [...fences, ...admitted]));
  const ready = [...fences, ...before, ...admitted];
  const rest = manifests
    .filter(({ kind }) => !["ServiceAccount", "NetworkPolicy", "Job"].includes(kind))
    .map((each) => create(each, ready));
  return {
    target: "kubernetes",
    routes: [],
    steady: rest,
    outputs: { namespace: foundation.settings.namespace, secrets: secretsOf(compiled.units, foundation) },
  };
}

function toArgs(filled: pulumi.Input<unknown>): object {
  if (typeof filled !== "object" || filled === null) throw new Error("A manifest is an object.");
  return filled;
}
