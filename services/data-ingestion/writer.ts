import type { EachBatchPayload } from "../shared/kafka.ts";
import { errorCode, type Logger } from "../shared/logging.ts";
import { isBadData } from "../shared/postgres.ts";
import { type Backoff, backoffDelay, pause } from "../shared/retry.ts";
import { readPrice } from "../shared/topics.ts";
import type { DeadLetters, Reject } from "./dead-letters.ts";
import type { Row, Store } from "./store.ts";

export interface WriterOptions {
  readonly store: Pick<Store, "save">;
  readonly deadLetters: DeadLetters;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** What the writer uses of a batch; a test can make one. */
export type WriterBatch = Pick<
  EachBatchPayload,
  "batch" | "heartbeat" | "isRunning" | "resolveOffset" | "commitOffsetsIfNecessary" | "uncommittedOffsets"
>;

/** Rows in one statement; between two of them the group hears from us. */
const CHUNK = 1000;
/** Below the session's length, or the group would lose us while Postgres is away. */
const BACKOFF: Backoff = { first: 100, most: 1_000 };

/**
 * Stores batches of the prices topic. The offset is committed only after the rows are, so that a crash between the two
 * repeats rows, which the primary key absorbs. While Postgres is away the batch is tried for ever; nothing is skipped.
 */
export function createWriter(options: WriterOptions): (payload: WriterBatch) => Promise<void> {
  const { store, deadLetters, log, backoff = BACKOFF } = options;

  const persist = async (payload: WriterBatch, work: () => Promise<void>): Promise<void> => {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await work();
        return;
      } catch (error) {
        if (isBadData(error)) throw error;
        log.warn({ err: error, attempts: attempt + 1 }, "a batch could not be stored; trying again");
      }
      await pause(backoffDelay(attempt, backoff));
      if (!payload.isRunning()) throw new Error("stopped before the batch was stored; it comes again");
      await payload.heartbeat();
    }
  };

  /** @returns the rows that Postgres refuses for their values */
  const saveChunk = async (payload: WriterBatch, rows: readonly Row[]): Promise<Refused[]> => {
    try {
      await persist(payload, () => store.save(rows));
      return [];
    } catch (error) {
      if (!isBadData(error)) throw error;
      const reason = `Postgres refuses the values (${errorCode(error) ?? "no code"})`;
      if (rows.length === 1) return rows.map((row) => ({ offset: row.offset, reason }));
      const refused: Refused[] = [];
      for (const row of rows) refused.push(...(await saveChunk(payload, [row])));
      return refused;
    }
  };

  return async (payload) => {
    const { batch } = payload;
    const { rows, refused } = sort(batch);
    for (let i = 0; i < rows.length; i += CHUNK) {
      refused.push(...(await saveChunk(payload, rows.slice(i, i + CHUNK))));
      await payload.heartbeat();
    }
    if (refused.length > 0) await persist(payload, () => deadLetters(toRejects(batch, refused)));
    payload.resolveOffset(batch.lastOffset());
    await payload.commitOffsetsIfNecessary(payload.uncommittedOffsets());
  };
}

interface Refused {
  readonly offset: string;
  readonly reason: string;
}

function sort(batch: WriterBatch["batch"]): { rows: Row[]; refused: Refused[] } {
  const rows: Row[] = [];
  const refused: Refused[] = [];
  for (const { offset, value } of batch.messages) {
    const read = readPrice(value);
    if (read.ok) rows.push({ message: read.message, partition: batch.partition, offset });
    else refused.push({ offset, reason: read.reason });
  }
  return { rows, refused };
}

function toRejects({ topic, partition, messages }: WriterBatch["batch"], refused: readonly Refused[]): Reject[] {
  const reasons = new Map(refused.map(({ offset, reason }) => [offset, reason]));
  return messages.flatMap(({ offset, key, value, timestamp }) => {
    const reason = reasons.get(offset);
    return reason === undefined ? [] : [{ topic, partition, offset, key, value, timestamp, reason }];
  });
}
