/** What must hold before a rehearsal begins: nobody else is at it, and no unfinished one is forgotten. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { type Journal, JournalError } from "../migration/journal.ts";
import { openJournal, readJournal } from "../migration/journal-file.ts";
import { type Holder, LockedError, type Lock } from "../migration/lock.ts";
import type { Plan } from "../migration/plan.ts";
import { decideStart, type Resumption, type Start, unfinishedOf, type Wish } from "../migration/resume.ts";

/** Why it does not begin, in a sentence. Nothing was touched. */
export class NotStarted extends Error {
  override readonly name = "NotStarted";
}

export interface Place {
  readonly stage: string;
  readonly stack: string;
  readonly journal: string;
  /** What the stage starts outlives this process. */
  readonly lasting: boolean;
}

/** Where a rehearsal keeps its journal: on this machine beside its evidence, on stacks in a place of the project. */
export function journalOf(stage: string, stack: string, root: string, evidence: string): string {
  return stage === "local" ? join(evidence, "journal.jsonl") : join(root, ".cryptotracker", `${stage}-${stack}.jsonl`);
}

export interface Started {
  /** The plan of the migration that it goes on with, or the one that was asked for. */
  readonly plan: Plan;
  readonly journal: Journal;
  readonly lock: Lock;
  readonly resumption: Resumption | null;
  /** What a person should know first; null for nothing. */
  readonly note: string | null;
  /** Gives the lock back, unless something is left that only a second start can see to. */
  end(): Promise<void>;
}

/**
 * @param take the lock, for a migration of that name
 * @throws NotStarted with what to do about it
 */
export async function startRehearsal(
  place: Place,
  wish: Wish,
  plan: Plan,
  take: (holder: Holder) => Promise<Lock>,
): Promise<Started> {
  const decision = decide(place, wish);
  const again = decision.how === "again" ? decision.resumption : null;
  if (again) sameWay(again.from.plan, plan);
  const by = { pid: process.pid, host: hostname() };
  const run = again?.from.run ?? randomUUID();
  const lock = await inWords(() => take({ run, ...by, since: new Date().toISOString() }));
  try {
    // Whoever had the lock a moment ago may have changed it.
    if (decide(place, wish).how !== decision.how) throw new NotStarted("Another rehearsal has just ended; look again.");
    const journal = openJournal(place.journal);
    journal.append(
      again
        ? { at: Date.now(), type: "resumed", by, mode: again.mode }
        : { at: Date.now(), type: "begun", run, by, stage: place.stage, stack: place.stack, plan },
    );
    return {
      plan: again?.from.plan ?? plan,
      ...{ journal, lock, resumption: again },
      note: decision.how === "fresh" ? decision.note : null,
      end: async () => {
        journal.close();
        // What is unfinished keeps others out, wherever they are.
        if (!place.lasting || unfinishedOf(readJournal(place.journal)) === null) await lock.release();
      },
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

function decide({ journal, lasting }: Place, wish: Wish): Exclude<Start, { how: "refused" }> {
  const start = inWordsNow(() => decideStart(unfinishedOf(readJournal(journal)), wish, lasting));
  if (start.how === "refused") throw new NotStarted(start.sentence);
  return start;
}

/** Who names another way than the one that was begun has something else in mind. */
function sameWay(begun: Plan, asked: Plan): void {
  if (begun.from === asked.from && begun.to === asked.to) return;
  throw new NotStarted(
    `The unfinished migration goes from ${begun.from} to ${begun.to}: --from ${begun.from} --to ${begun.to} goes on with it.`,
  );
}

async function inWords<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof LockedError ? new NotStarted(error.message, { cause: error }) : error;
  }
}

function inWordsNow<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof JournalError ? new NotStarted(error.message, { cause: error }) : error;
  }
}
