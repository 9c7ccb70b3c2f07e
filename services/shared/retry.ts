import { setTimeout as delay } from "node:timers/promises";

/** Waits between attempts, in milliseconds: `first`, doubled each time up to `most`. */
export interface Backoff {
  readonly first: number;
  readonly most: number;
}

export const DEFAULT_BACKOFF: Backoff = { first: 100, most: 5_000 };

/**
 * Milliseconds to wait before attempt `attempt` (0 is the first retry): exponential with full jitter in its upper half,
 * so that replicas that lost the same server do not come back in one wave.
 *
 * @param random in [0, 1), injected by tests
 */
export function backoffDelay(attempt: number, { first, most }: Backoff, random: () => number = Math.random): number {
  const ceiling = Math.min(most, first * 2 ** Math.min(attempt, 30));
  return Math.round(ceiling / 2 + (ceiling / 2) * random());
}

/** Waits, or returns early when the signal fires. Never throws. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  try {
    await delay(milliseconds, undefined, signal ? { signal } : {});
  } catch {
    // An aborted wait is a wait that ended early.
  }
}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly backoff?: Backoff;
  /** Told of each failure, with the number of attempts so far. */
  readonly onFailure?: (error: unknown, attempts: number) => void;
  /** Gives up on errors for which it says false. */
  readonly worthRetrying?: (error: unknown) => boolean;
}

/**
 * Repeats until it works.
 *
 * @returns what `attempt` returned, or undefined when the signal fired first
 * @throws the error that is not worth a retry
 */
export async function untilDone<T>(attempt: () => Promise<T>, options: RetryOptions): Promise<T | undefined> {
  const { signal, backoff = DEFAULT_BACKOFF, onFailure, worthRetrying = () => true } = options;
  for (let attempts = 0; !signal.aborted; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (!worthRetrying(error)) throw error;
      onFailure?.(error, attempts + 1);
      await pause(backoffDelay(attempts, backoff), signal);
    }
  }
  return undefined;
}

/** Rejects with `TimeoutError` when the promise takes longer than `milliseconds`; the work itself goes on. */
export async function within<T>(milliseconds: number, what: string, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = delay(milliseconds, undefined, { signal: timer.signal }).then(
    () => {
      throw new TimeoutError(`${what} took longer than ${milliseconds} ms`);
    },
    () => new Promise<never>(() => undefined),
  );
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

export class TimeoutError extends Error {
  override name = "TimeoutError";
}
