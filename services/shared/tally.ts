import type { Logger } from "./logging.ts";

/** Counts what became of messages, by design and not by fault: where a dead letter would say too much. */
export interface Tally {
  add(outcome: string, count?: number): void;
  /** Since the start, by outcome. */
  counts(): Readonly<Record<string, number>>;
  /** Writes the last line and ends. */
  stop(): void;
}

const EVERY_MS = 60_000;

/** One log line a minute, of what was counted in it; none for a minute without anything. */
export function createTally(log: Logger, every = EVERY_MS): Tally {
  const total = new Map<string, number>();
  let fresh = new Map<string, number>();
  const write = (): void => {
    if (fresh.size > 0) log.info({ counts: Object.fromEntries(fresh) }, "messages by outcome");
    fresh = new Map();
  };
  const timer = setInterval(write, every).unref();
  return {
    add: (outcome, count = 1) => {
      if (count === 0) return;
      for (const counts of [total, fresh]) counts.set(outcome, (counts.get(outcome) ?? 0) + count);
    },
    counts: () => Object.fromEntries(total),
    stop: () => {
      clearInterval(timer);
      write();
    },
  };
}
