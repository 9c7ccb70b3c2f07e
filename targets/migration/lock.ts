/** Two migrations of one thing at once would undo each other: a lock, whichever stage it is for. */

/** Who holds it, for a sentence that helps. */
export interface Holder {
  readonly run: string;
  readonly pid: number;
  readonly host: string;
  /** ISO 8601, UTC. */
  readonly since: string;
}

export interface Lock {
  /** @throws LockLostError when it is somebody else's, or nobody's, by now */
  verify(): Promise<void>;
  /** Twice is harmless, and so is after it was lost. */
  release(): Promise<void>;
}

/** Somebody else has it: nothing was begun. */
export class LockedError extends Error {
  override readonly name = "LockedError";
}

/** It was taken away while it was held: nothing more may be touched. */
export class LockLostError extends Error {
  override readonly name = "LockLostError";
}

export const heldBy = ({ pid, host, since }: Holder): string => `process ${pid} on ${host}, since ${since}`;
