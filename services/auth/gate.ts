import { unavailable } from "../shared/problem.ts";

export interface GateOptions {
  /** How many may be at work at once. */
  readonly running: number;
  /** How many may wait for them. */
  readonly waiting: number;
}

export interface Gate {
  /** Runs the work when its turn comes. @throws a 503 problem with Retry-After when too many wait already */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * A hash takes 19 MiB and a thread of libuv's four: two at once leave two for name look-ups and files, and half a CPU
 * gains nothing by more. Who waits costs next to nothing, but should not wait longer than a few seconds.
 */
export const HASHING: GateOptions = { running: 2, waiting: 32 };

const RETRY_AFTER_SECONDS = 2;

/** First come, first served, with a bound: a flood of sign-ins is refused before it takes memory, threads or Postgres. */
export function createGate({ running, waiting }: GateOptions): Gate {
  let inside = 0;
  const queue: (() => void)[] = [];

  return {
    run: async (work) => {
      if (inside < running) inside += 1;
      else if (queue.length < waiting) await new Promise<void>((enter) => queue.push(enter));
      else throw unavailable("Too many sign in or up at the moment; try again soon.", RETRY_AFTER_SECONDS);
      try {
        return await work();
      } finally {
        // Who waits longest takes over this place; without anyone it is free.
        const next = queue.shift();
        if (next) next();
        else inside -= 1;
      }
    },
  };
}
