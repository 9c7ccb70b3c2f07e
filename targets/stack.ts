/** A stack's settings → its model → every form asked for, read back. What the pure commands share. */
import { cryptotracker } from "../platform/cryptotracker.ts";
import type { Behaviour } from "../platform/model/behaviour.ts";
import type { Model, Result } from "../platform/model/types.ts";
import { readStackFile, type Settings } from "../platform/settings.ts";
import { ecs, eks, kubernetes } from "./index.ts";
import { compare, type Parity, type Side } from "./migration/parity.ts";
import type { Compiled, Target } from "./target.ts";

/** What compiles today, by the name that a command takes. */
export const COMPILERS = ["ecs", "eks", "kubernetes"] as const;
export type Compiler = (typeof COMPILERS)[number];

export interface Form extends Side {
  readonly target: Compiler;
  /** By service, as it is written to a file. */
  readonly units: Readonly<Record<string, unknown>>;
  readonly shared: unknown;
}

export interface CompiledStack {
  readonly settings: Settings;
  readonly model: Model;
  readonly forms: readonly Form[];
}

/** Reads a stack from its folder and compiles it; the problems of all targets at once, each only once. */
export function compileStack(folder: string, stack: string, targets: readonly Compiler[]): Result<CompiledStack> {
  const settings = readStackFile(folder, stack);
  if (!settings.ok) return settings;
  return compileModel(cryptotracker(settings.value), settings.value, targets);
}

/** Compiles a model for each target and reads what came out. */
export function compileModel(model: Model, settings: Settings, targets: readonly Compiler[]): Result<CompiledStack> {
  const results = targets.map((target) => formOf(target, model, settings));
  const problems = results.flatMap((result) => (result.ok ? [] : result.problems));
  if (problems.length > 0) {
    const distinct = new Map(problems.map((problem) => [JSON.stringify(problem), problem]));
    return { ok: false, problems: [...distinct.values()] };
  }
  return {
    ok: true,
    value: { settings, model, forms: results.flatMap((result) => (result.ok ? [result.value] : [])) },
  };
}

function formOf(target: Compiler, model: Model, settings: Settings): Result<Form> {
  switch (target) {
    case "ecs":
      return form("ecs", ecs, model, settings);
    case "eks":
      return form("eks", eks, model, settings);
    case "kubernetes":
      return form("kubernetes", kubernetes, model, settings);
  }
}

function form<Unit, Shared>(
  name: Compiler,
  target: Target<Unit, Shared>,
  model: Model,
  settings: Settings,
): Result<Form> {
  const compiled: Result<Compiled<Unit, Shared>> = target.compile(model, settings);
  if (!compiled.ok) return compiled;
  const { units, shared } = compiled.value;
  const behaviours: Record<string, Behaviour> = {};
  for (const [service, unit] of Object.entries(units)) behaviours[service] = target.read(unit, settings);
  return { ok: true, value: { target: name, units, shared, behaviours, losses: target.losses } };
}

export function parityOf({ model, settings, forms }: CompiledStack): Parity {
  return compare(model, settings, forms);
}
