/** Target → the code that makes resources of its form, loaded only for the target that a stack names. */
import { check } from "../platform/check.ts";
import type { Foundation } from "../platform/foundation/index.ts";
import type { Model, Result } from "../platform/model/types.ts";
import type { ByHand } from "../platform/replicas.ts";
import type { Settings } from "../platform/settings.ts";
import type { Side } from "./alb/index.ts";
import { byHand as ecsByHand } from "./ecs/by-hand.ts";
import { byHand as eksByHand } from "./eks/by-hand.ts";
import { ecs, eks, kubernetes } from "./index.ts";
import type { KubernetesShared, KubernetesUnit } from "./kubernetes/forms.ts";
import { missingSecrets } from "./kubernetes/secrets.ts";
import type { Compiled, Target } from "./target.ts";

export type StartOnAws = (foundation: Foundation) => Side;

/** Creates one side's resources, on AWS' foundation or on a cluster by itself. Its form is compiled and found good. */
export type Deploy =
  | { readonly on: "aws"; readonly start: StartOnAws }
  | { readonly on: "cluster"; readonly start: () => Side }
  | { readonly on: "nothing" };

/** Compiles for the stack's target, if it has one: every problem at once, or what deploys the result. */
export async function prepare(model: Model, settings: Settings): Promise<Result<Deploy>> {
  switch (settings.target) {
    case "ecs":
      return prepared(ecs, ecsByHand, (await import("./ecs/deploy.ts")).deploy, model, settings);
    case "kubernetes":
      return onCluster((await import("./kubernetes/deploy.ts")).deploy, model, settings);
    case "eks":
      return prepared(eks, eksByHand, (await import("./eks/deploy.ts")).deploy, model, settings);
    case "none": {
      const problems = check(model, settings);
      return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { on: "nothing" } };
    }
  }
}

/** Keeps the form's type between its compiler, the counts by hand, and its deployer. */
function prepared<Unit, Shared>(
  target: Target<Unit, Shared>,
  byHand: (unit: Unit, counts: ByHand) => Unit,
  deploy: (compiled: Compiled<Unit, Shared>, foundation: Foundation) => Side,
  model: Model,
  settings: Settings,
): Result<Deploy> {
  const compiled = target.compile(model, settings);
  if (!compiled.ok) return compiled;
  const units = Object.fromEntries(
    Object.entries(compiled.value.units).map(([name, unit]) => {
      const counts = settings.replicas[name];
      return [name, counts ? byHand(unit, counts) : unit];
    }),
  );
  return { ok: true, value: { on: "aws", start: (foundation) => deploy({ ...compiled.value, units }, foundation) } };
}

/** Nobody makes a plain cluster's secrets up: those that the stack has not are problems beside the compiler's. */
function onCluster(
  deploy: (compiled: Compiled<KubernetesUnit, KubernetesShared>, model: Model, settings: Settings) => Side,
  model: Model,
  settings: Settings,
): Result<Deploy> {
  const compiled = kubernetes.compile(model, settings);
  const missing = missingSecrets(model, settings);
  if (!compiled.ok) return { ok: false, problems: [...compiled.problems, ...missing] };
  if (missing.length > 0) return { ok: false, problems: missing };
  return { ok: true, value: { on: "cluster", start: () => deploy(compiled.value, model, settings) } };
}
