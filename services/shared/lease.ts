import type { Logger } from "./logging.ts";
import { pause, within } from "./retry.ts";

/** A row of the leases table, by compare-and-set. Times are the database's own. */
export interface LeaseStore {
  /** @returns the fence of the new ownership, or undefined while another holder's has not run out */
  acquire(name: string, holder: string, seconds: number): Promise<number | undefined>;
  /** @returns false when the ownership `fence` is no longer ours */
  renew(name: string, holder: string, fence: number, seconds: number): Promise<boolean>;
  /** Lets the ownership run out now. */
  release(name: string, holder: string, fence: number): Promise<void>;
}

/** One ownership, from acquisition to loss. */
export interface Tenure {
  /** Rises with every ownership of this lease, whoever has it. */
  readonly fence: number;
  /** Fires before another can own the lease, or at a stop. */
  readonly lost: AbortSignal;
  /** False from the moment the deadline passes, even while the event loop is late with the signal. */
  valid(): boolean;
}

export interface LeaseOptions {
  readonly name: string;
  readonly holder: string;
  readonly seconds: number;
  readonly store: LeaseStore;
  readonly log: Logger;
  /** Ends the loop; a lease that is held is released at once. */
  readonly signal: AbortSignal;
  /** What the owner does. It must return soon after `tenure.lost` fires. */
  readonly whileOwner: (tenure: Tenure) => Promise<void>;
  /** Called at each turn of the loop, for liveness. */
  readonly onTurn?: () => void;
  /** Milliseconds between tries to acquire; bounds how soon a released lease is taken over. */
  readonly poll?: number;
  /** A clock that never jumps, in milliseconds. */
  readonly now?: () => number;
}

const POLL_MS = 500;
/** Of the lease's length: what the owner stops earlier, for clocks that run at different speeds. */
const SAFETY = 0.1;

/**
 * Competes for the lease until the signal fires; runs `whileOwner` for each ownership.
 *
 * The owner counts the lease from before it asked for it, so that it stops before the database lets another one in,
 * however long the answer took. A row with an expiry is used and not an advisory lock, since connection poolers pin or
 * share the session that such a lock lives in.
 */
export async function competeForLease(options: LeaseOptions): Promise<void> {
  const { name, holder, seconds, store, log, signal, onTurn, poll = POLL_MS, now = () => performance.now() } = options;
  const bound = (seconds * 1000) / 3;
  while (!signal.aborted) {
    onTurn?.();
    const asked = now();
    try {
      const fence = await within(bound, "acquiring the lease", store.acquire(name, holder, seconds));
      if (fence !== undefined) {
        log.info({ lease: name, fence }, "lease acquired");
        await ownFor(options, fence, asked);
        log.info({ lease: name, fence }, "lease given up");
      }
    } catch (error) {
      log.warn({ err: error, lease: name }, "could not compete for the lease");
    }
    await pause(poll, signal);
  }
}

async function ownFor(options: LeaseOptions, fence: number, asked: number): Promise<void> {
  const { name, holder, seconds, store, log, signal, whileOwner, onTurn, now = () => performance.now() } = options;
  const usable = seconds * 1000 * (1 - SAFETY);
  const every = (seconds * 1000) / 3;
  const lost = new AbortController();
  let deadline = asked + usable;
  let timer = setTimeout(() => lost.abort(), Math.max(0, deadline - now()));
  const stop = (): void => lost.abort();
  if (signal.aborted) stop();
  signal.addEventListener("abort", stop, { once: true });

  const renewing = (async () => {
    const over = (): boolean => lost.signal.aborted;
    while (!over()) {
      await pause(every, lost.signal);
      if (over()) return;
      onTurn?.();
      const before = now();
      try {
        if (!(await within(every, "renewing the lease", store.renew(name, holder, fence, seconds)))) {
          log.warn({ lease: name, fence }, "the lease has another owner");
          lost.abort();
        } else if (now() < deadline) {
          deadline = before + usable;
          clearTimeout(timer);
          timer = setTimeout(() => lost.abort(), Math.max(0, deadline - now()));
        }
      } catch (error) {
        log.warn({ err: error, lease: name, fence }, "could not renew the lease");
      }
    }
  })();

  try {
    await whileOwner({ fence, lost: lost.signal, valid: () => !lost.signal.aborted && now() < deadline });
  } finally {
    lost.abort();
    clearTimeout(timer);
    signal.removeEventListener("abort", stop);
    await renewing;
    await within(every, "releasing the lease", store.release(name, holder, fence)).catch((error: unknown) =>
      log.warn({ err: error, lease: name, fence }, "could not release the lease; it runs out by itself"),
    );
  }
}
