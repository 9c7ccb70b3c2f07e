import type { Logger } from "../shared/logging.ts";
import { pause } from "../shared/retry.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Store } from "./store.ts";
import type { Turns } from "./turns.ts";

export interface RefreshOptions {
  readonly store: Pick<Store, "changedSince" | "rules">;
  readonly book: RuleBook;
  readonly turns: Turns;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** Called at each turn of the loop, for liveness. */
  readonly onTurn?: () => void;
  /** Milliseconds between two looks; with the look itself, how late a changed rule takes effect. */
  readonly every?: number;
}

const EVERY_MS = 1_000;

/** Keeps the book as Postgres has the rules, until the signal fires. A failure waits for the next look. */
export async function keepFresh(options: RefreshOptions): Promise<void> {
  const { turns, log, signal, onTurn, every = EVERY_MS } = options;
  while (!signal.aborted) {
    onTurn?.();
    try {
      await turns(() => refresh(options));
    } catch (error) {
      log.warn({ err: error }, "rules could not be read; those known are judged on");
    }
    await pause(every, signal);
  }
}

/**
 * Takes what changed since the highest revision known. Deletions have no revision, and one that was drawn earlier may
 * be committed later: both show in the digest, and then all rules are read.
 */
export async function refresh({ store, book }: Pick<RefreshOptions, "store" | "book">): Promise<void> {
  const { rules, off, digest } = await store.changedSince(book.newest);
  for (const stored of rules) book.put(stored);
  for (const { id, revision } of off) book.switchOff(id, revision);
  if (digest.count === book.digest.count && digest.revisions === book.digest.revisions) return;
  book.replaceBy(await store.rules());
}
