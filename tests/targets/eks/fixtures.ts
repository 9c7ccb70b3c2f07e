/** The EKS form of the dev stack, and ways into it. */
import { compile } from "../../../targets/eks/compile.ts";
import type { EksKind, EksManifest, EksUnit } from "../../../targets/eks/forms.ts";
import type { PodSpec } from "../../../targets/kubernetes/forms.ts";
import { dev, devModel, valueOf } from "../../support/stacks.ts";

export const { units, shared } = valueOf(compile(devModel, dev));

type Of<K extends EksKind> = Extract<EksManifest, { kind: K }>;

function find<K extends EksKind>(manifests: readonly EksManifest[], kind: K, of: string): Of<K> {
  const found = manifests.find((each): each is Of<K> => each.kind === kind);
  if (!found) throw new Error(`${of} has no ${kind}`);
  return found;
}

export function unitOf(service: string): EksUnit {
  const unit = units[service];
  if (!unit) throw new Error(`There is no unit ${service}`);
  return unit;
}

export function manifestOf<K extends EksKind>(service: string, kind: K, unit: EksUnit = unitOf(service)): Of<K> {
  return find(unit.manifests, kind, service);
}

export function sharedManifest<K extends EksKind>(kind: K): Of<K> {
  return find(shared.manifests, kind, "what they share");
}

export function podOf(service: string): PodSpec & { readonly container: PodSpec["containers"][number] } {
  const pod = unitOf(service).manifests.flatMap((each) => {
    if (each.kind === "Deployment" || each.kind === "Job") return each.spec?.template.spec ?? [];
    return each.kind === "CronJob" ? (each.spec?.jobTemplate.spec?.template.spec ?? []) : [];
  })[0];
  const container = pod?.containers[0];
  if (!pod || !container) throw new Error(`${service} has no pod`);
  return { ...pod, container };
}

/** The unit with one of its manifests left out or changed. */
export function without(unit: EksUnit, kind: EksKind): EksUnit {
  return { ...unit, manifests: unit.manifests.filter((each) => each.kind !== kind) };
}
