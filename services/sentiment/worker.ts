import { type BatchPayload, createBatchHandler, type Placed } from "../shared/batches.ts";
import type { DeadLetters } from "../shared/dead-letters.ts";
import type { Message } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Backoff } from "../shared/retry.ts";
import type { Tally } from "../shared/tally.ts";
import { type CleanPost, readCleanPost } from "../shared/topics/posts.ts";
import type { Model } from "./model.ts";
import type { Scored, Store, Stored } from "./store.ts";
import { weighed } from "./weight.ts";
import { toMessage } from "./wording.ts";

export interface WorkerOptions {
  readonly model: Model;
  readonly store: Pick<Store, "save">;
  /** Resolves when the topic of sentiment has them all. */
  readonly send: (messages: Message[]) => Promise<void>;
  /** Told of what is stored and published; never throws. */
  readonly askAgain?: (stored: readonly Stored[]) => Promise<void>;
  readonly deadLetters: DeadLetters;
  readonly tally: Tally;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

/** What the models read. A post whose language nobody can tell is tickers and emoji, and those are everybody's. */
const READ: ReadonlySet<string> = new Set(["en", "und"]);
/** Posts in one transaction: each is compared with those before it. */
const PORTION = 250;

/**
 * Scores clean posts, stores them, publishes them as they are stored, and only then lets the offset be committed. A
 * crash in between repeats messages, each with the content of its first time: the table says what that was.
 */
export function createWorker(options: WorkerOptions): (payload: BatchPayload) => Promise<void> {
  const { model, store, send, askAgain, tally } = options;
  return createBatchHandler({
    ...options,
    portion: PORTION,
    read: readCleanPost,
    work: async (posts) => {
      const readable = posts.filter(({ message }) => READ.has(message.language));
      if (readable.length > 0) {
        const stored = await store.save(await scoreAll(readable, model));
        await send(stored.map(messageOf));
        await askAgain?.(stored);
        for (const { opinion } of stored) tally.add(opinion.model);
      }
      tally.add("another language", posts.length - readable.length);
      return [];
    },
  });
}

/** A post that names three coins comes three times with one text: the model reads it once. */
async function scoreAll(posts: readonly Placed<CleanPost>[], model: Model): Promise<Scored[]> {
  const texts = [...new Set(posts.map(({ message }) => message.text))];
  const opinions = await model.score(texts);
  const byText = new Map(texts.map((text, i) => [text, opinions[i]]));
  return posts.map(({ message: post }) => {
    const opinion = byText.get(post.text);
    if (!opinion) throw new Error("the model left a text out");
    return { post, opinion: weighed(opinion, post.symbols.length) };
  });
}

function messageOf({ post, ...kept }: Stored): Message {
  const { id, source, symbol, createdAt, receivedAt } = post;
  return toMessage({ ...kept, key: { post: id, symbol, time: createdAt }, source, receivedAt });
}
