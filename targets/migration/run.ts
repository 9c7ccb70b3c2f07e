/**
 * Runs a plan on a stage. Never throws: however it ends, the outcome tells, with the timeline of every step.
 *
 * - A step that fails once the new side exists leads back by itself: weights to the old side, read back and verified;
 *   workers back; the new side held for the drain time, then retired; and still everything acknowledged is looked up.
 * - When the old side is being retired by plan, there is no way back any more: what fails then is reported as it is.
 * - When the way back fails, nothing else is touched: both sides stay up, for a person to decide.
 * - The signal (Ctrl-C) ends it at once, without a way back: the outcome is `interrupted` and the weights stay as they
 *   are. On a throwaway stage everything is gone after `close`; on a lasting one, a second start goes on from there.
 * - The stage is always closed at the end, whatever happened; its series is read before.
 */
import type { Plan, Step } from "./plan.ts";
import { planRollback } from "./plan.ts";
import type { Failure, Look, Outcome, RunEvent, StepRecord } from "./run-outcome.ts";
import { carryOut, GateFailure, noProgress, type Progress } from "./run-steps.ts";
import type { Stage } from "./stage.ts";

export * from "./run-outcome.ts";

export interface RunOptions {
  readonly signal: AbortSignal;
  readonly observe?: (event: RunEvent) => void;
  /** Unix time in milliseconds; by default a clock that never goes back. */
  readonly now?: () => number;
}

/** The monotonic clock, counted from the Unix epoch. */
const monotonic = (): number => performance.timeOrigin + performance.now();

export async function runMigration(plan: Plan, stage: Stage, options: RunOptions): Promise<Outcome> {
  const run = new Run(plan, stage, options);
  await run.through(plan.steps.filter(({ kind }) => kind !== "account"));
  await run.backIfFailed();
  await run.through(
    plan.steps.filter(({ kind }) => kind === "account"),
    { skip: !run.progress.opened },
  );
  return run.close();
}

interface Through {
  /** When the way back was decided on, if these steps are that. */
  readonly failedAt?: number | null;
  /** Records them as skipped, all of them. */
  readonly skip?: boolean;
}

class Run {
  readonly progress: Progress = noProgress();
  readonly #plan: Plan;
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  readonly #observe: (event: RunEvent) => void;
  readonly #now: () => number;
  readonly #timeline: StepRecord[] = [];
  readonly #failures: Failure[] = [];
  readonly #startedAt: number;
  #rolledBack = false;

  constructor(plan: Plan, stage: Stage, { signal, observe, now = monotonic }: RunOptions) {
    this.#plan = plan;
    this.#stage = stage;
    this.#signal = signal;
    this.#now = now;
    this.#startedAt = now();
    this.#observe = (event) => {
      try {
        observe?.(event);
      } catch {
        // Whoever watches must not decide how it ends.
      }
    };
  }

  /** Runs the steps in order; after one that fails, the others are recorded as skipped. */
  async through(steps: readonly Step[], { failedAt = null, skip = false }: Through = {}): Promise<boolean> {
    let going = !skip;
    for (const step of steps) {
      const record: StepRecord = going && !this.#signal.aborted ? await this.#one(step, failedAt) : this.#skipped(step);
      this.#timeline.push(record);
      this.#observe({ type: "stepEnded", at: record.endedAt, step, record });
      going &&= record.state === "done";
    }
    return going;
  }

  /** The way back, where something failed that leaves one. */
  async backIfFailed(): Promise<void> {
    const [failure] = this.#failures;
    const { deployed, committed } = this.progress;
    if (!failure || !deployed || committed || this.#signal.aborted) return;
    const failedAt = this.#now();
    const steps = planRollback(this.#plan, this.progress);
    this.#observe({ type: "rollbackStarted", at: failedAt, steps, failure });
    this.#rolledBack = await this.through(steps, { failedAt });
  }

  async close(): Promise<Outcome> {
    const series = await this.#quietly("series", () => Promise.resolve(this.#stage.series()));
    await this.#quietly("close", () => this.#stage.close());
    const ending = this.#ending();
    const outcome: Outcome = {
      ending,
      ok: ending === "settled",
      plan: this.#plan,
      startedAt: this.#startedAt,
      endedAt: this.#now(),
      timeline: this.#timeline,
      failures: this.#failures,
      waysBack: this.progress.waysBack,
      accounts: this.progress.accounts,
      weights: this.progress.weights,
      series: series ?? [],
      problems: this.progress.problems,
    };
    this.#observe({ type: "ended", at: outcome.endedAt, outcome });
    return outcome;
  }

  #ending(): Outcome["ending"] {
    if (this.#signal.aborted) return "interrupted";
    if (this.progress.problems.length > 0) return "refused";
    if (this.#failures.length === 0) return "settled";
    return this.#rolledBack ? "rolledBack" : "failed";
  }

  async #one(step: Step, failedAt: number | null): Promise<StepRecord> {
    const startedAt = this.#now();
    const details: string[] = [];
    const looks: Look[] = [];
    this.#observe({ type: "stepStarted", at: startedAt, step });
    const context = {
      plan: this.#plan,
      stage: this.#stage,
      signal: this.#signal,
      progress: this.progress,
      now: this.#now,
      failedAt,
      report: (line: string) => {
        details.push(line);
        this.#observe({ type: "stepReported", at: this.#now(), step, line });
      },
      look: (look: Look) => {
        looks.push(look);
        this.#observe({ type: "gateLooked", at: look.at, step, look });
      },
    };
    const failure = await this.#attempt(step, () => carryOut(step, context));
    const { weights } = this.progress;
    return {
      ...{ id: step.id, title: step.title, phase: step.phase, kind: step.kind },
      state: failure === null ? "done" : this.#signal.aborted ? "interrupted" : "failed",
      startedAt,
      endedAt: this.#now(),
      details,
      looks,
      weights: step.kind === "shift" || step.kind === "rollback" ? weights : null,
      failure,
    };
  }

  #skipped(step: Step): StepRecord {
    const at = this.#now();
    return {
      ...{ id: step.id, title: step.title, phase: step.phase, kind: step.kind },
      ...{ state: "skipped", startedAt: at, endedAt: at, details: [], looks: [], weights: null, failure: null },
    };
  }

  /** Null when it worked, else why not. A stage that doesn't heed the signal is left behind by it. */
  async #attempt(step: Pick<Step, "id" | "title">, action: () => Promise<void>): Promise<string | null> {
    try {
      await orAborted(action(), this.#signal);
      return null;
    } catch (error) {
      if (this.#signal.aborted) return "Interrupted.";
      const sentence = error instanceof Error ? error.message : String(error);
      const verdict = error instanceof GateFailure ? error.verdict : null;
      this.#failures.push({ step: step.id, title: step.title, sentence, verdict });
      return sentence;
    }
  }

  async #quietly<T>(id: string, action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      this.#failures.push({ step: id, title: "Clean up", sentence, verdict: null });
      return undefined;
    }
  }
}

/** @throws AbortError as soon as the signal fires, whatever the promise does then */
function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(new DOMException("Interrupted.", "AbortError"));
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
