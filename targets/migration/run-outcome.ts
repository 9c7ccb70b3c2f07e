/** What a run leaves behind: how it ended, and everything it did, with figures. */
import type { Problem } from "../../platform/model/types.ts";
import type { Verdict } from "./gates.ts";
import type { Plan, Step, StepKind } from "./plan.ts";
import type { Account, SeriesPoint, Weights, Window } from "./stage.ts";

/**
 * `settled`: as planned. `rolledBack`: a step failed, the old side carries everything again, the new one is gone.
 * `refused`: preflight found problems, nothing was started. `failed`: there was nothing to roll back to, or it could
 * not be completed, or something acknowledged is lost. `interrupted`: the signal fired. `held`: the plan pauses, and
 * nobody is there to say that it goes on.
 */
export type Ending = "settled" | "rolledBack" | "refused" | "failed" | "interrupted" | "held";

/** One look at a window by a gate. */
export interface Look {
  /** Unix time in milliseconds, as all times here. */
  readonly at: number;
  readonly window: Window;
  readonly verdict: Verdict;
}

export interface StepRecord {
  readonly id: string;
  readonly title: string;
  readonly phase: string;
  readonly kind: StepKind;
  readonly state: "done" | "failed" | "skipped" | "interrupted";
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the stage said meanwhile. */
  readonly details: readonly string[];
  readonly looks: readonly Look[];
  /** As read back; null where the step set none. */
  readonly weights: Weights | null;
  /** Why it failed, in a sentence. */
  readonly failure: string | null;
}

export interface Failure {
  readonly step: string;
  readonly title: string;
  readonly sentence: string;
  /** With its figures, where a gate failed. */
  readonly verdict: Verdict | null;
}

/** One way back that was gone: in a drill, for a failure, or because the plan returns. */
export interface WayBack {
  readonly step: string;
  readonly because: "drill" | "failure" | "plan";
  /** From the decision until the old side was read back at 100 %. */
  readonly trafficMilliseconds: number;
  /** From the decision until the workers were back too; null when they had not moved. */
  readonly workersMilliseconds: number | null;
  readonly weights: Weights;
}

export interface Outcome {
  readonly ending: Ending;
  /** Settled, with nothing lost. */
  readonly ok: boolean;
  readonly plan: Plan;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly timeline: readonly StepRecord[];
  /** In the order they happened; the first is the reason for the ending. */
  readonly failures: readonly Failure[];
  readonly waysBack: readonly WayBack[];
  readonly accounts: readonly Account[];
  /** As last read; null when they never were. */
  readonly weights: Weights | null;
  readonly series: readonly SeriesPoint[];
  readonly problems: readonly Problem[];
}

/** What an observer of a run is told, as it happens. */
export type RunEvent =
  | { readonly type: "stepStarted"; readonly at: number; readonly step: Step }
  | { readonly type: "stepReported"; readonly at: number; readonly step: Step; readonly line: string }
  | { readonly type: "gateLooked"; readonly at: number; readonly step: Step; readonly look: Look }
  | { readonly type: "stepEnded"; readonly at: number; readonly step: Step; readonly record: StepRecord }
  | {
      readonly type: "rollbackStarted";
      readonly at: number;
      readonly steps: readonly Step[];
      readonly failure: Failure;
    }
  | { readonly type: "ended"; readonly at: number; readonly outcome: Outcome };

/** What is wrong with the accounts; null when everything acknowledged is where it must be. No data is a failure. */
export function accountFailure(accounts: readonly Account[]): string | null {
  if (accounts.length === 0) return "Nothing was accounted for.";
  const wrong = accounts.flatMap(({ what, acknowledged, lost, doubled }) => {
    if (lost > 0 || doubled > 0) return [`${what}: ${lost} lost and ${doubled} doubled of ${acknowledged}.`];
    return acknowledged > 0 ? [] : [`${what}: there was nothing to look up.`];
  });
  return wrong.length > 0 ? wrong.join(" ") : null;
}

/** Does this side carry everything? */
export function carriesAll(weights: Weights, side: string): boolean {
  return (
    Object.entries(weights).every(([name, weight]) => (name === side ? weight > 0 : weight === 0)) &&
    (weights[side] ?? 0) > 0
  );
}

/** Equal, where a side that isn't named has weight 0. */
export function sameWeights(a: Weights, b: Weights): boolean {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((side) => (a[side] ?? 0) === (b[side] ?? 0));
}

/** `ecs 90, kubernetes 10` */
export function weightsText(weights: Weights): string {
  return Object.entries(weights)
    .map(([side, weight]) => `${side} ${weight}`)
    .join(", ");
}
