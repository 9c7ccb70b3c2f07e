/** Keeps the journal of a run. What cannot be written must not be begun; but nothing keeps what is over, or the way back. */
import type { Journal, JournalEntry } from "./journal.ts";
import { type Progress, snapshotOf } from "./run-context.ts";
import type { Ending, Failure, StepRecord } from "./run-outcome.ts";

export class RunJournal {
  readonly #journal: Journal | null;
  #failure: string | null = null;

  constructor(journal: Journal | null) {
    this.#journal = journal;
  }

  /** Why something could not be written, the first time; null when everything was. */
  get failure(): string | null {
    return this.#failure;
  }

  /** @param goingBack writes it if it can @throws Error on the way ahead, when it could not be written */
  started(step: string, at: number, progress: Progress, goingBack: boolean): void {
    const entry = { at, type: "started", step, progress: snapshotOf(progress) } as const;
    if (goingBack) this.#ifPossible(entry);
    else this.#journal?.append(entry);
  }

  /** Of a gate's looks the last. */
  ended(record: StepRecord, progress: Progress): void {
    const kept = { ...record, looks: record.looks.slice(-1) };
    this.#ifPossible({ at: record.endedAt, type: "ended", record: kept, progress: snapshotOf(progress) });
  }

  back(failure: Failure, at: number): void {
    this.#ifPossible({ at, type: "back", failure });
  }

  finished(ending: Ending, at: number): void {
    this.#ifPossible({ at, type: "finished", ending });
  }

  #ifPossible(entry: JournalEntry): void {
    try {
      this.#journal?.append(entry);
    } catch (error) {
      this.#failure ??= error instanceof Error ? error.message : String(error);
    }
  }
}
