/** Both forms of a stack as a cluster gets them: every placeholder filled, in the order in which they are applied. */
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Model, Result } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { compile as compileEks } from "../../../targets/eks/compile.ts";
import { compile as compileKubernetes } from "../../../targets/kubernetes/compile.ts";
import type { Compiled } from "../../../targets/target.ts";
import { valueOf } from "../../support/stacks.ts";
import { filled, type AnyManifest } from "./pods.ts";

export const FORMS = ["kubernetes", "eks"] as const;
export type Form = (typeof FORMS)[number];

export function manifestsOf(
  form: Form,
  settings: Settings,
  model: Model = cryptotracker(settings),
): readonly AnyManifest[] {
  const manifests = form === "eks" ? inOrder(compileEks(model, settings)) : inOrder(compileKubernetes(model, settings));
  return manifests.map((each) => filled(each, settings.region));
}

interface Part {
  readonly manifests: readonly AnyManifest[];
}

/** What the namespace has, first. */
function inOrder(compiled: Result<Compiled<Part, Part>>): readonly AnyManifest[] {
  const { shared, units } = valueOf(compiled);
  return [...shared.manifests, ...Object.values(units).flatMap(({ manifests }) => manifests)];
}
