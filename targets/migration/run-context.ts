/** What a step works with, and what is remembered of all of them: the way back needs to know. */
import type { Problem } from "../../platform/model/types.ts";
import type { Snapshot } from "./journal.ts";
import type { Plan, Step } from "./plan.ts";
import type { Look, WayBack } from "./run-outcome.ts";
import type { Account, SideSamples, Stage, Weights } from "./stage.ts";

/** What has happened so far, kept by the steps themselves. */
export interface Progress {
  opened: boolean;
  /** The new side exists, at least in part. */
  deployed: boolean;
  /** The new side has had weight. */
  shifted: boolean;
  /** The workers have left the old side, or may have. */
  workersMoved: boolean;
  /** A side is being stopped by plan: from here on there is no way back. */
  committed: boolean;
  weights: Weights | null;
  baseline: SideSamples | null;
  problems: readonly Problem[];
  accounts: readonly Account[];
  readonly waysBack: WayBack[];
}

/** Of a migration that begins, or of one that a journal remembers. */
export function progressFrom(snapshot: Snapshot | null): Progress {
  const known = snapshot ?? {
    ...{ opened: false, deployed: false, shifted: false, workersMoved: false, committed: false },
    ...{ weights: null, baseline: null, waysBack: [] },
  };
  return { ...known, problems: [], accounts: [], waysBack: [...known.waysBack] };
}

export function snapshotOf(progress: Progress): Snapshot {
  const { opened, deployed, shifted, workersMoved, committed, weights, baseline, waysBack } = progress;
  return { opened, deployed, shifted, workersMoved, committed, weights, baseline, waysBack: [...waysBack] };
}

/** What a step makes possible by merely being begun: the way back must reckon with all of it. */
export function begin(step: Step, progress: Progress, byPlan: boolean): void {
  if (step.kind === "deploy") progress.deployed = true;
  else if (step.kind === "shift") progress.shifted = true;
  else if (step.kind === "workers") progress.workersMoved = true;
  else if (step.kind === "retire") progress.committed ||= byPlan;
}

export interface StepContext {
  readonly plan: Plan;
  readonly stage: Stage;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly report: (line: string) => void;
  readonly look: (look: Look) => void;
  readonly now: () => number;
  /** When the way back was decided on; null in a drill or by plan. */
  readonly failedAt: number | null;
  /** Resolves when a person says that it goes on; null where nobody can. */
  readonly goOn: ((signal: AbortSignal) => Promise<void>) | null;
}
