import { type DeadLetters, type Reject } from "./dead-letters.ts";
import type { EachBatchPayload } from "./kafka.ts";
import { errorCode, type Logger } from "./logging.ts";
import { isBadData } from "./postgres.ts";
import { type Backoff, backoffDelay, pause } from "./retry.ts";
import type { ReadResult } from "./topics/read.ts";

/** A message that fits, and where the topic holds it. */
export interface Placed<T> {
  readonly message: T;
  readonly partition: number;
  readonly offset: string;
}

/** A message that can't be used: why, in words that quote nothing of it. */
export interface Refused {
  readonly offset: string;
  readonly reason: string;
}

export interface BatchOptions<T> {
  readonly read: (value: Buffer | string | null) => ReadResult<T>;
  /**
   * Does what a message is for; done for good when it resolves. It may be given the same messages again. What it
   * refuses goes to the dead letters; what it throws is tried again for ever, unless Postgres says that the values are
   * at fault: then each message by itself, and the guilty ones are put aside.
   */
  readonly work: (messages: readonly Placed<T>[]) => Promise<readonly Refused[]>;
  readonly deadLetters: DeadLetters;
  readonly log: Logger;
  readonly backoff?: Backoff;
  /** The most messages at once; between two portions the group hears from us. @default 1000 */
  readonly portion?: number;
}

/** What is used of kafkajs' batch; a test can make one. */
export type BatchPayload = Pick<
  EachBatchPayload,
  "batch" | "heartbeat" | "isRunning" | "resolveOffset" | "commitOffsetsIfNecessary" | "uncommittedOffsets"
>;

const PORTION = 1000;
/** Below the session's length, or the group would lose us while Postgres is away. */
const BACKOFF: Backoff = { first: 100, most: 1_000 };

/**
 * How every consumer that must lose nothing handles a batch. The offset is committed only after the work is done, so
 * that a crash between the two repeats work, which `work` absorbs. Nothing is skipped.
 */
export function createBatchHandler<T>(options: BatchOptions<T>): (payload: BatchPayload) => Promise<void> {
  const { read, work, deadLetters, log, backoff = BACKOFF, portion = PORTION } = options;

  const persist = async <R>(payload: BatchPayload, attempt: () => Promise<R>): Promise<R> => {
    for (let attempts = 1; ; attempts += 1) {
      try {
        return await attempt();
      } catch (error) {
        if (isBadData(error)) throw error;
        log.warn({ err: error, topic: payload.batch.topic, attempts }, "a batch could not be handled; trying again");
        await pause(backoffDelay(attempts - 1, backoff));
      }
      if (!payload.isRunning()) throw new Error("stopped before the batch was done; it comes again");
      await payload.heartbeat();
    }
  };

  const handle = async (payload: BatchPayload, messages: readonly Placed<T>[]): Promise<readonly Refused[]> => {
    try {
      return await persist(payload, () => work(messages));
    } catch (error) {
      if (!isBadData(error)) throw error;
      const reason = `Postgres refuses the values (${errorCode(error) ?? "no code"})`;
      if (messages.length === 1) return messages.map(({ offset }) => ({ offset, reason }));
      const refused: Refused[] = [];
      for (const message of messages) refused.push(...(await handle(payload, [message])));
      return refused;
    }
  };

  return async (payload) => {
    const { batch } = payload;
    const { fit, refused } = sort(batch, read);
    for (let i = 0; i < fit.length; i += portion) {
      refused.push(...(await handle(payload, fit.slice(i, i + portion))));
      await payload.heartbeat();
    }
    if (refused.length > 0) await persist(payload, () => deadLetters(toRejects(batch, refused)));
    payload.resolveOffset(batch.lastOffset());
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
  };
}

function sort<T>(
  batch: BatchPayload["batch"],
  read: BatchOptions<T>["read"],
): { fit: Placed<T>[]; refused: Refused[] } {
  const fit: Placed<T>[] = [];
  const refused: Refused[] = [];
  for (const { offset, value } of batch.messages) {
    const result = read(value);
    if (result.ok) fit.push({ message: result.message, partition: batch.partition, offset });
    else refused.push({ offset, reason: result.reason });
  }
  return { fit, refused };
}

function toRejects({ topic, partition, messages }: BatchPayload["batch"], refused: readonly Refused[]): Reject[] {
  const reasons = new Map(refused.map(({ offset, reason }) => [offset, reason]));
  return messages.flatMap(({ offset, key, value, timestamp }) => {
    const reason = reasons.get(offset);
    return reason === undefined ? [] : [{ topic, partition, offset, key, value, timestamp, reason }];
  });
}
