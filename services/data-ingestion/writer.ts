import { type BatchPayload, createBatchHandler } from "../shared/batches.ts";
import type { DeadLetters } from "../shared/dead-letters.ts";
import type { Logger } from "../shared/logging.ts";
import type { Backoff } from "../shared/retry.ts";
import { readPrice } from "../shared/topics/prices.ts";
import type { Store } from "./store.ts";

export interface WriterOptions {
  readonly store: Pick<Store, "save">;
  readonly deadLetters: DeadLetters;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** Stores batches of the prices topic; what is stored twice the primary key absorbs. */
export function createWriter({ store, ...options }: WriterOptions): (payload: BatchPayload) => Promise<void> {
  return createBatchHandler({
    ...options,
    read: readPrice,
    work: async (rows) => {
      await store.save(rows);
      return [];
    },
  });
}
