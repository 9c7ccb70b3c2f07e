/**
 * Runs a plan on a stage. Never throws: however it ends, the outcome tells, with the timeline of every step.
 *
 * - A step that fails once the new side exists leads back by itself: weights to the old side, read back and verified;
 *   workers back; the new side held for the drain time, then retired; and still everything acknowledged is looked up.
 * - When the old side is being retired by plan, there is no way back any more: what fails then is reported as it is.
 * - When the way back fails, nothing else is touched: both sides stay up, for a person to decide.
 * - The signal (Ctrl-C) ends it at once, without a way back: the outcome is `interrupted` and the weights stay as they
 *   are. On a throwaway stage everything is gone after `close`; on a lasting one, a second start goes on from there.
 * - Each step is in the journal before it is begun and after it ended. A step that can't be written down is not begun;
 *   but nothing keeps the way back.
 * - Who has lost the lock touches nothing more: somebody else is at it.
 * - The stage is always closed at the end, whatever happened; its series is read before.
 */
import type { Plan } from "./plan.ts";
import { planRollback } from "./plan.ts";
import type { Resumption } from "./resume.ts";
import { doneOf, OPEN_AGAIN, reasonToGoBack, stepsAhead, strangersWeights } from "./run-again.ts";
import { progressFrom } from "./run-context.ts";
import type { Outcome } from "./run-outcome.ts";
import { Steps, type StepsOptions } from "./run-through.ts";
import type { Stage } from "./stage.ts";

export * from "./run-outcome.ts";

export interface RunOptions extends StepsOptions {
  /** Goes on where another process was. */
  readonly resumption?: Resumption | null;
}

export async function runMigration(plan: Plan, stage: Stage, options: RunOptions): Promise<Outcome> {
  const run = new Run(plan, stage, options);
  const found = await run.findAgain();
  if (found) {
    await run.ahead();
    await run.backIfFailed();
  }
  await run.steps.through(
    plan.steps.filter(({ kind }) => kind === "account"),
    { skip: !found || !run.accountable() },
  );
  return run.close();
}

class Run {
  readonly steps: Steps;
  readonly #plan: Plan;
  readonly #stage: Stage;
  readonly #signal: AbortSignal;
  readonly #startedAt: number;
  readonly #again: Resumption | null;
  #rolledBack = false;

  constructor(plan: Plan, stage: Stage, { resumption = null, ...options }: RunOptions) {
    const from = resumption?.from;
    this.#plan = plan;
    this.#stage = stage;
    this.#signal = options.signal;
    this.#again = resumption;
    this.steps = new Steps(plan, stage, options, progressFrom(from?.progress ?? null), from?.done ?? []);
    this.#startedAt = from?.startedAt ?? this.steps.now();
  }

  /** Opens the stage for whoever goes on. */
  async findAgain(): Promise<boolean> {
    if (!this.#again?.from.progress.opened) return true;
    if (!(await this.steps.through([OPEN_AGAIN]))) return false;
    const failure = strangersWeights(this.#plan, this.#again, this.steps.progress.weights);
    if (failure) this.steps.failures.push(failure);
    return failure === null;
  }

  /** The steps ahead, unless it is on its way back already. */
  async ahead(): Promise<void> {
    const back = reasonToGoBack(this.#again);
    if (back) this.steps.failures.push(back);
    await this.steps.through(stepsAhead(this.#plan, doneOf(this.steps.timeline), this.#again), { skip: back !== null });
  }

  /** The way back, where something failed that leaves one. */
  async backIfFailed(): Promise<void> {
    const [failure] = this.steps.failures;
    const { deployed, committed } = this.steps.progress;
    if (!failure || committed || this.steps.lockLost || this.#signal.aborted) return;
    // Asked for by a person, nothing to take back is as good as taken back.
    this.#rolledBack = !deployed && this.#again?.mode === "rollBack";
    if (!deployed) return;
    const failedAt = this.steps.now();
    const done = doneOf(this.steps.timeline);
    const steps = planRollback(this.#plan, this.steps.progress).filter(({ id }) => !done.has(id));
    this.steps.journal.back(failure, failedAt);
    this.steps.observe({ type: "rollbackStarted", at: failedAt, steps, failure });
    this.#rolledBack = await this.steps.through(steps, { failedAt });
  }

  accountable(): boolean {
    return this.steps.progress.opened && !this.steps.held;
  }

  async close(): Promise<Outcome> {
    const series = await this.#quietly("series", () => Promise.resolve(this.#stage.series()));
    await this.#quietly("close", () => this.#stage.close());
    if (!this.#unfinished()) this.steps.journal.finished(this.#ending(), this.steps.now());
    if (this.steps.journal.failure !== null) {
      const sentence = `The journal could not be written: ${this.steps.journal.failure}`;
      this.steps.failures.push({ step: "journal", title: "Keep the journal", sentence, verdict: null });
    }
    const ending = this.#ending();
    const outcome: Outcome = {
      ending,
      ok: ending === "settled",
      plan: this.#plan,
      startedAt: this.#startedAt,
      endedAt: this.steps.now(),
      timeline: this.steps.timeline,
      failures: this.steps.failures,
      waysBack: this.steps.progress.waysBack,
      accounts: this.steps.progress.accounts,
      weights: this.steps.progress.weights,
      series: series ?? [],
      problems: this.steps.progress.problems,
    };
    this.steps.observe({ type: "ended", at: outcome.endedAt, outcome });
    return outcome;
  }

  #ending(): Outcome["ending"] {
    if (this.#signal.aborted) return "interrupted";
    if (this.steps.progress.problems.length > 0) return "refused";
    if (this.steps.failures.length === 0) return this.steps.held ? "held" : "settled";
    return this.#rolledBack ? "rolledBack" : "failed";
  }

  /** Something of it is still there, on a stage that lasts, that a second start has to see to. */
  #unfinished(): boolean {
    const ending = this.#ending();
    if (!this.#stage.lasting || ending === "settled" || ending === "rolledBack" || ending === "refused") return false;
    const done = doneOf(this.steps.timeline);
    const through = this.#plan.steps.every(({ id, kind }) => kind === "account" || done.has(id));
    return this.steps.lockLost || (this.steps.progress.deployed && !through) || (ending !== "failed" && !through);
  }

  async #quietly<T>(id: string, action: () => Promise<T>): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      const sentence = error instanceof Error ? error.message : String(error);
      this.steps.failures.push({ step: id, title: "Clean up", sentence, verdict: null });
      return undefined;
    }
  }
}
