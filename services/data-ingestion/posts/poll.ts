import type { Logger } from "../../shared/logging.ts";
import { type Backoff, backoffDelay, pause } from "../../shared/retry.ts";
import { NotNow } from "./fetch.ts";

export interface PollOptions {
  readonly visit: () => Promise<void>;
  /** Milliseconds between two visits that work. */
  readonly every: number;
  readonly signal: AbortSignal;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** Whoever fails for long is asked rarely, and is not forgotten. */
const BACKOFF: Backoff = { first: 2_000, most: 900_000 };
/** Visits drift apart by a tenth, or all that started together would ask together for ever. */
const SPREAD = 0.1;

/** Visits until the signal fires; after a failure with back-off and jitter, and not before the server wants us back. */
export async function poll({ visit, every, signal, log, backoff = BACKOFF }: PollOptions): Promise<void> {
  const over = (): boolean => signal.aborted;
  for (let failures = 0; !over();) {
    let wait = every * (1 + SPREAD * (2 * Math.random() - 1));
    try {
      await visit();
      failures = 0;
    } catch (error) {
      if (over()) return;
      wait = Math.max(backoffDelay(failures, backoff), error instanceof NotNow ? error.wait : 0);
      failures += 1;
      log.warn({ err: error, failures, wait }, "a visit failed; coming back");
    }
    await pause(wait, signal);
  }
}
