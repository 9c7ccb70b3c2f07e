import { type BatchPayload, createBatchHandler, type Refused } from "../shared/batches.ts";
import type { DeadLetters } from "../shared/dead-letters.ts";
import type { Message } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Backoff } from "../shared/retry.ts";
import type { Tally } from "../shared/tally.ts";
import { readRawPost, writeCleanPost } from "../shared/topics/posts.ts";
import type { NearDuplicates } from "./near-duplicates.ts";
import { preprocess } from "./pipeline.ts";

export interface WorkerOptions {
  /** Resolves when the topic of clean posts has them all. */
  readonly send: (messages: Message[]) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly duplicates: NearDuplicates;
  readonly tally: Tally;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** A request must stay below a topic's `message.max.bytes`, whose default is a megabyte. */
const MOST_BYTES = 512 * 1024;

/**
 * Carries raw posts to clean ones. The offset is committed after the send, so each raw post leads to its clean ones at
 * least once, and one author's stay in their order.
 */
export function createWorker(options: WorkerOptions): (payload: BatchPayload) => Promise<void> {
  const { send, duplicates, tally, log } = options;
  return createBatchHandler({
    ...options,
    read: readRawPost,
    work: async (raws) => {
      const refused: Refused[] = [];
      const outcomes: string[] = [];
      const messages: Message[] = [];
      for (const { message, offset } of raws) {
        try {
          const verdict = preprocess(message, duplicates);
          outcomes.push(verdict.kept ? "kept" : verdict.because);
          if (!verdict.kept) continue;
          for (const post of verdict.posts) messages.push({ key: post.symbol, value: writeCleanPost(post) });
        } catch (error) {
          // A slip of ours that one text brings out must not hold up all that come after it.
          log.error({ err: error, post: message.id }, "a post could not be preprocessed");
          refused.push({ offset, reason: "it could not be preprocessed" });
        }
      }
      for (const request of requestsOf(messages)) await send(request);
      for (const outcome of outcomes) tally.add(outcome);
      return refused;
    },
  });
}

function requestsOf(messages: readonly Message[]): Message[][] {
  const requests: Message[][] = [];
  let room = 0;
  for (const message of messages) {
    const bytes = Buffer.byteLength(message.value ?? "");
    const last = requests.at(-1);
    if (last && bytes <= room) last.push(message);
    else requests.push([message]);
    room = (last && bytes <= room ? room : MOST_BYTES) - bytes;
  }
  return requests;
}
