/** What a second start makes of the journal that it finds: where the first one was, and whether it may go on. Pure. */
import type { JournalEntry, Snapshot, Starter } from "./journal.ts";
import type { Plan } from "./plan.ts";
import type { Failure, StepRecord } from "./run-outcome.ts";

/** A migration that was begun and has no end. */
export interface Unfinished {
  readonly run: string;
  readonly stage: string;
  readonly stack: string;
  readonly plan: Plan;
  readonly startedAt: number;
  /** Who had it last. */
  readonly by: Starter;
  readonly progress: Snapshot;
  /** Steps that are done, in their order. */
  readonly done: readonly StepRecord[];
  /** A step that was started, and nobody knows how far it came; null between two. */
  readonly inFlight: string | null;
  /** Why it is on its way back; null while it is not. */
  readonly back: Failure | null;
}

/** How a start goes on with an unfinished one. */
export interface Resumption {
  readonly mode: "resume" | "rollBack";
  readonly from: Unfinished;
}

const NOTHING: Snapshot = {
  ...{ opened: false, deployed: false, shifted: false, workersMoved: false, committed: false },
  ...{ weights: null, baseline: null, waysBack: [] },
};

/** The last migration of a journal, if it has no end; null where there is none. */
export function unfinishedOf(entries: readonly JournalEntry[]): Unfinished | null {
  const first = entries.findLastIndex(({ type }) => type === "begun");
  const begun = entries[first];
  if (begun?.type !== "begun") return null;
  let found: Unfinished = {
    ...{ run: begun.run, stage: begun.stage, stack: begun.stack, plan: begun.plan, startedAt: begun.at, by: begun.by },
    ...{ progress: NOTHING, done: [], inFlight: null, back: null },
  };
  for (const entry of entries.slice(first + 1)) {
    if (entry.type === "finished") return null;
    found = after(found, entry);
  }
  return found;
}

function after(found: Unfinished, entry: JournalEntry): Unfinished {
  switch (entry.type) {
    case "resumed":
      return { ...found, by: entry.by };
    case "started":
      return { ...found, inFlight: entry.step, progress: entry.progress };
    case "ended": {
      const { record, progress } = entry;
      const ended = { ...found, inFlight: record.state === "done" ? null : record.id, progress };
      if (record.state === "done") return { ...ended, done: [...found.done, record] };
      // It failed, and the process died before it had decided on the way back; if there is still one.
      return record.state === "failed" && !progress.committed
        ? { ...ended, back: found.back ?? failureOf(record) }
        : ended;
    }
    case "back":
      return { ...found, back: entry.failure };
    case "begun":
    case "finished":
      return found;
  }
}

const failureOf = ({ id, title, failure }: StepRecord): Failure => ({
  ...{ step: id, title, sentence: failure ?? "It failed.", verdict: null },
});

export interface Wish {
  readonly resume: boolean;
  readonly rollBack: boolean;
}

/** What to do, or in a sentence why nothing: never over again, never blindly. */
export type Start =
  | { readonly how: "fresh"; readonly note: string | null }
  | { readonly how: "again"; readonly resumption: Resumption }
  | { readonly how: "refused"; readonly sentence: string };

/** @param lasting whether what the unfinished migration started is still there without its process */
export function decideStart(found: Unfinished | null, wish: Wish, lasting: boolean): Start {
  if (wish.resume && wish.rollBack) return refused("--resume or --roll-back, not both.");
  if (!found) {
    if (!wish.resume && !wish.rollBack) return { how: "fresh", note: null };
    return refused(`There is no unfinished migration to ${wish.resume ? "resume" : "roll back"}.`);
  }
  const where = `${found.plan.from} → ${found.plan.to} of stack ${found.stack}, ${placeOf(found)}`;
  if (!lasting) {
    const gone = `An earlier migration did not end (${where}). Its processes and data died with it`;
    if (wish.resume || wish.rollBack)
      return refused(`${gone}: there is nothing to go on from; start without the option.`);
    return { how: "fresh", note: `${gone}; this one starts afresh.` };
  }
  if (wish.rollBack && found.progress.committed) {
    return refused(
      `The old side is being stopped already (${where}): there is no way back any more; --resume goes on.`,
    );
  }
  if (wish.resume || wish.rollBack) {
    return { how: "again", resumption: { mode: wish.resume ? "resume" : "rollBack", from: found } };
  }
  return refused(
    `A migration has begun and not ended (${where}). --resume goes on from there, --roll-back takes everything back.`,
  );
}

const refused = (sentence: string): Start => ({ how: "refused", sentence });

/** `in step “Shift 10 % to eks”` */
function placeOf({ plan, inFlight, done, back }: Unfinished): string {
  const titleOf = (id: string | undefined): string => plan.steps.find((step) => step.id === id)?.title ?? id ?? "";
  const way = back ? "on its way back, " : "";
  if (inFlight !== null) return `${way}in step “${titleOf(inFlight)}”`;
  const last = done.at(-1);
  return last ? `${way}after step “${last.title}”` : `${way}before its first step`;
}
