/** Carries out steps one after the other, and remembers each: in the timeline, in the journal, for whoever watches. */
import type { Journal } from "./journal.ts";
import { LockLostError } from "./lock.ts";
import type { Plan, Step } from "./plan.ts";
import { begin, type Progress, type StepContext } from "./run-context.ts";
import { RunJournal } from "./run-journal.ts";
import type { Failure, Look, RunEvent, StepRecord } from "./run-outcome.ts";
import { carryOut } from "./run-steps.ts";
import { GateFailure, Held } from "./run-watch.ts";
import type { Stage } from "./stage.ts";

export interface StepsOptions {
  readonly signal: AbortSignal;
  readonly observe?: (event: RunEvent) => void;
  /** Unix time in milliseconds; by default a clock that never goes back. */
  readonly now?: () => number;
  /** @default none is kept */
  readonly journal?: Journal;
  /** Before each step. @throws LockLostError when somebody else has the lock */
  readonly guard?: () => Promise<void>;
  /** @default nobody can say that a pause is over */
  readonly goOn?: StepContext["goOn"];
}

/** The monotonic clock, counted from the Unix epoch. */
const monotonic = (): number => performance.timeOrigin + performance.now();

export interface Through {
  /** When the way back was decided on, if these steps are that. */
  readonly failedAt?: number | null;
  /** Records them as skipped, all of them. */
  readonly skip?: boolean;
}

export class Steps {
  readonly progress: Progress;
  readonly timeline: StepRecord[];
  readonly failures: Failure[] = [];
  readonly journal: RunJournal;
  readonly now: () => number;
  readonly observe: (event: RunEvent) => void;
  /** A pause found nobody to say that it is over. */
  held = false;
  /** Nothing may be touched any more. */
  lockLost = false;
  readonly #plan: Plan;
  readonly #stage: Stage;
  readonly #options: StepsOptions;
  readonly #signal: AbortSignal;

  constructor(plan: Plan, stage: Stage, options: StepsOptions, progress: Progress, done: readonly StepRecord[]) {
    this.#plan = plan;
    this.#stage = stage;
    this.#options = options;
    this.#signal = options.signal;
    this.progress = progress;
    this.timeline = [...done];
    this.journal = new RunJournal(options.journal ?? null);
    this.now = options.now ?? monotonic;
    this.observe = (event) => {
      try {
        options.observe?.(event);
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
      this.timeline.push(record);
      this.observe({ type: "stepEnded", at: record.endedAt, step, record });
      going &&= record.state === "done";
    }
    return going;
  }

  async #one(step: Step, failedAt: number | null): Promise<StepRecord> {
    const startedAt = this.now();
    const details: string[] = [];
    const looks: Look[] = [];
    this.observe({ type: "stepStarted", at: startedAt, step });
    const context = {
      plan: this.#plan,
      stage: this.#stage,
      signal: this.#signal,
      progress: this.progress,
      now: this.now,
      failedAt,
      goOn: this.#options.goOn ?? null,
      report: (line: string) => {
        details.push(line);
        this.observe({ type: "stepReported", at: this.now(), step, line });
      },
      look: (look: Look) => {
        looks.push(look);
        this.observe({ type: "gateLooked", at: look.at, step, look });
      },
    };
    const failure = await this.#attempt(step, async () => {
      await this.#options.guard?.();
      begin(step, this.progress, failedAt === null);
      this.journal.started(step.id, startedAt, this.progress, failedAt !== null);
      await carryOut(step, context);
    });
    const { weights } = this.progress;
    const stopped = this.#signal.aborted || this.held;
    const record: StepRecord = {
      ...{ id: step.id, title: step.title, phase: step.phase, kind: step.kind },
      state: failure === null ? "done" : stopped ? "interrupted" : "failed",
      startedAt,
      endedAt: this.now(),
      details,
      looks,
      weights: step.kind === "shift" || step.kind === "rollback" ? weights : null,
      failure,
    };
    this.journal.ended(record, this.progress);
    return record;
  }

  #skipped(step: Step): StepRecord {
    const at = this.now();
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
      if (error instanceof Held) {
        this.held = true;
        return error.message;
      }
      this.lockLost ||= error instanceof LockLostError;
      const sentence = error instanceof Error ? error.message : String(error);
      const verdict = error instanceof GateFailure ? error.verdict : null;
      this.failures.push({ step: step.id, title: step.title, sentence, verdict });
      return sentence;
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
