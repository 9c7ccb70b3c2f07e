/** What a target is: a pure compiler into its own API's JSON, and a reader that shares no code with it. */
import type { Behaviour } from "../platform/model/behaviour.ts";
import type { Model, Result } from "../platform/model/types.ts";
import type { Settings } from "../platform/settings.ts";

export type TargetName = "ecs" | "eks" | "kubernetes";

/** A stack's whole form for one target: a unit for each workload, by name and sorted, and what they share. */
export interface Compiled<Unit, Shared> {
  readonly units: Readonly<Record<string, Unit>>;
  readonly shared: Shared;
}

/** What a platform knows that the form does not say: which addresses are whose. */
export interface Surroundings {
  readonly namespace: string;
  readonly network: Settings["network"];
  readonly kubernetes: Pick<Settings["kubernetes"], "ingressFrom">;
}

export interface Target<Unit, Shared> {
  /** All problems at once, never a throw: the model's own and what only this target can refuse. */
  compile(model: Model, settings: Settings): Result<Compiled<Unit, Shared>>;
  /** What the platform will do with a unit, its defaults filled in. */
  read(unit: Unit, surroundings: Surroundings): Behaviour;
  readonly losses: readonly Loss[];
}

/**
 * A difference that a target cannot help, declared. It never waives a whole field: `accepts` judges what was wanted
 * against what is found, or a slip would hide behind it.
 */
export interface LossRule<P extends keyof Behaviour> {
  readonly code: string;
  readonly path: P;
  readonly kind: "approximate" | "dropped";
  /** One sentence: why, and what it means for the one who runs it. */
  readonly because: string;
  /** What the one who runs it can do about it, or why nothing has to be done. */
  readonly remedy: string;
  accepts(
    wanted: Behaviour[P],
    found: Behaviour[P],
    whole: { readonly wanted: Behaviour; readonly found: Behaviour },
  ): boolean;
}

/** A rule over whichever field it is about. */
export interface Loss {
  readonly code: string;
  readonly path: keyof Behaviour;
  readonly kind: "approximate" | "dropped";
  readonly because: string;
  readonly remedy: string;
  accepts(wanted: Behaviour, found: Behaviour): boolean;
}

/** Keeps the field's type inside the rule and forgets it outside, so that rules of many fields make one list. */
export function loss<P extends keyof Behaviour>(rule: LossRule<P>): Loss {
  return {
    code: rule.code,
    path: rule.path,
    kind: rule.kind,
    because: rule.because,
    remedy: rule.remedy,
    accepts: (wanted, found) => rule.accepts(wanted[rule.path], found[rule.path], { wanted, found }),
  };
}
