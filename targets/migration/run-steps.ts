/** Carries out one step of a plan on a stage, and remembers what the way back needs to know. */
import type { Problem, Seconds } from "../../platform/model/types.ts";
import { type Gate, judge, type Verdict } from "./gates.ts";
import type { Plan, Step } from "./plan.ts";
import { accountFailure, carriesAll, type Look, sameWeights, type WayBack, weightsText } from "./run-outcome.ts";
import { type Account, type SideSamples, type Stage, StageError, type Weights } from "./stage.ts";

/** How often the way back is tried before a person must help. */
const ROLLBACK_ATTEMPTS = 3;
const ROLLBACK_PAUSE: Seconds = 2;

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

export const noProgress = (): Progress => ({
  opened: false,
  deployed: false,
  shifted: false,
  workersMoved: false,
  committed: false,
  weights: null,
  baseline: null,
  problems: [],
  accounts: [],
  waysBack: [],
});

/** A gate that did not pass. */
export class GateFailure extends Error {
  override readonly name = "GateFailure";
  readonly verdict: Verdict;
  constructor(verdict: Verdict) {
    super(verdict.sentence);
    this.verdict = verdict;
  }
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
}

/** @throws StageError, GateFailure, or whatever the stage throws */
export async function carryOut(step: Step, context: StepContext): Promise<void> {
  const { stage, progress, report, plan } = context;
  switch (step.kind) {
    case "preflight":
      progress.problems = await stage.preflight();
      if (progress.problems.length > 0) throw new StageError(problemsText(progress.problems));
      return;
    case "open":
      await stage.open(report);
      progress.opened = true;
      progress.weights = await stage.weights();
      if (!carriesAll(progress.weights, plan.from)) {
        throw new StageError(
          `${plan.from} does not carry everything: the weights are ${weightsText(progress.weights)}.`,
        );
      }
      return;
    case "deploy":
      progress.deployed = true;
      return stage.deploy(step.side, report);
    case "smoke":
      return stage.smoke(step.side, report);
    case "scale":
      return stage.scale(step.side, step.share, report);
    case "shift":
      progress.shifted = true;
      return shift(step.weights, context);
    case "workers":
      return moveWorkers(step.to, context);
    case "gate":
      return watch(step.gate, context);
    case "hold":
      return step.gate ? watch(step.gate, context) : stage.wait(plan.hold, context.signal);
    case "rollback":
      return goBack(step, context);
    case "retire":
      progress.committed ||= context.failedAt === null;
      return stage.retire(step.side, report);
    case "account": {
      progress.accounts = await stage.account(report);
      const failure = accountFailure(progress.accounts);
      if (failure) throw new StageError(failure);
    }
  }
}

function problemsText(problems: readonly Problem[]): string {
  return problems.map(({ path, found, allowed }) => `${path}: found ${found}, allowed is ${allowed}.`).join(" ");
}

/** Weights that read back otherwise than they were set are a failure: someone else sets them, too. */
async function shift(weights: Weights, { stage, progress, report }: StepContext): Promise<void> {
  const read = await stage.shift(weights);
  progress.weights = read;
  if (!sameWeights(read, weights)) {
    throw new StageError(`The weights were set to ${weightsText(weights)} and read back as ${weightsText(read)}.`);
  }
  report(`Weights read back: ${weightsText(read)}.`);
}

async function moveWorkers(to: string, { stage, progress, plan, report }: StepContext): Promise<void> {
  progress.workersMoved = true;
  await stage.moveWorkers(to, report);
  progress.workersMoved = to !== plan.from;
}

/** Looks at the window until the gate's verdict is final. */
async function watch(gate: Gate, { stage, plan, progress, signal, look, now }: StepContext): Promise<void> {
  const pause = Math.max(1, Math.min(10, gate.bake / 6));
  await stage.mark();
  for (let waited = pause; ; waited += pause) {
    await stage.wait(pause, signal);
    const seen = await stage.window();
    // A stage whose clock stood still would otherwise be waited for for ever.
    const window = { ...seen, seconds: Math.max(seen.seconds, waited) };
    const weights = progress.weights ?? (await stage.weights());
    const verdict = judge(gate, window, { from: plan.from, to: plan.to, weights, baseline: progress.baseline });
    look({ at: now(), window, verdict });
    const old = window.sides[plan.from];
    if (verdict.state !== "wait" && old && old.requests >= gate.minSamples) progress.baseline = old;
    if (verdict.state === "fail") throw new GateFailure(verdict);
    if (verdict.state === "pass") return;
  }
}

/** All traffic to the old side, read back, then the workers. The same for a drill and for a failed gate. */
async function goBack(step: Step & { kind: "rollback" }, context: StepContext): Promise<void> {
  const { stage, plan, progress, report, now, failedAt } = context;
  const decidedAt = failedAt ?? now();
  const read = progress.shifted ? await shiftBack(step.weights, context) : await stage.weights();
  progress.weights = read;
  if (!carriesAll(read, plan.from)) await shiftBack(step.weights, context);
  const trafficMilliseconds = now() - decidedAt;
  report(`${plan.from} is at 100 % again after ${(trafficMilliseconds / 1000).toFixed(1)} s.`);
  const way = {
    step: step.id,
    because: failedAt !== null ? "failure" : step.id === "drill" ? "drill" : "plan",
    trafficMilliseconds,
    workersMilliseconds: null,
    weights: progress.weights,
  } as const;
  const index = progress.waysBack.push(way) - 1;
  if (step.workersTo === null) return;
  await moveWorkers(step.workersTo, context);
  progress.waysBack[index] = { ...way, workersMilliseconds: now() - decidedAt };
}

/** Sets and reads back, then reads once more on its own; tries again, for nothing matters more now. */
async function shiftBack(weights: Weights, context: StepContext): Promise<Weights> {
  const { stage, progress, report, signal } = context;
  for (let attempt = 1; ; attempt++) {
    try {
      await shift(weights, context);
      const read = await stage.weights();
      progress.weights = read;
      if (sameWeights(read, weights)) return read;
      throw new StageError(`The weights read ${weightsText(read)} shortly after they were set.`);
    } catch (error) {
      if (signal.aborted || attempt === ROLLBACK_ATTEMPTS) throw error;
      report(
        `Attempt ${attempt} of ${ROLLBACK_ATTEMPTS} failed: ${error instanceof Error ? error.message : String(error)}`,
      );
      await stage.wait(ROLLBACK_PAUSE, signal);
    }
  }
}
