import type { Message } from "../../shared/kafka.ts";
import type { Tenure } from "../../shared/lease.ts";
import type { Logger } from "../../shared/logging.ts";
import { backoffDelay, pause, untilDone, within } from "../../shared/retry.ts";
import { writeRawPost } from "../../shared/topics/posts.ts";
import type { Digest } from "./digest.ts";
import { toRawPost } from "./raw-post.ts";
import type { FoundPost, PostSource, Turn } from "./source.ts";
import type { PostStore } from "./store.ts";

export interface TurnOptions {
  readonly source: PostSource["name"];
  readonly tenure: Tenure;
  readonly store: Pick<PostStore, "position" | "keep">;
  readonly digest: Digest;
  readonly send: (messages: Message[]) => Promise<void>;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Bytes in one request, far below a broker's limit of a megabyte a batch, whichever partitions they go to. */
const MOST_BYTES = 256 * 1024;
const BACKOFF = { first: 100, most: 2_000 } as const;
/** How long the send under way may take once the lease is lost; a late one repeats posts, which have their ids. */
const LAST_SEND_MS = 2_000;
const KEEP_MS = 2_000;

/** One ownership of a source's lease, as the source sees it. */
export function createTurn({ source, tenure, store, digest, send, log, now = Date.now }: TurnOptions): Turn {
  const signal = tenure.lost;
  const sendWhileOwner = async (messages: Message[]): Promise<true> => {
    if (!tenure.valid()) throw new Error("the lease has run out");
    await send(messages);
    return true;
  };
  const deliver = async (messages: Message[]): Promise<boolean> => {
    const sent = untilDone(() => sendWhileOwner(messages), {
      signal,
      backoff: BACKOFF,
      onFailure: (error, attempts) => log.warn({ err: error, attempts }, "could not publish posts; trying again"),
    });
    return (await Promise.race([sent, afterLoss(signal, sent)])) ?? false;
  };
  return {
    signal,
    log,
    position: (stream) => store.position(source, stream),
    publish: async (posts) => {
      for (const portion of portions(toMessages(posts, { digest, receivedAt: now(), fence: tenure.fence }))) {
        if (!(await deliver(portion))) return false;
      }
      return true;
    },
    // Tried once even after the loss: the fence tells whether it still counts, and a successor repeats less.
    keep: async (stream, position) => {
      for (let attempts = 0; ; attempts += 1) {
        try {
          const kept = store.keep(source, stream, position, tenure.fence);
          return await within(KEEP_MS, "keeping the position", kept);
        } catch (error) {
          log.warn({ err: error, attempts: attempts + 1 }, "could not keep the position");
        }
        if (signal.aborted) return false;
        await pause(backoffDelay(attempts, BACKOFF), signal);
      }
    },
  };
}

/** Undefined some time after the signal, unless the work is done before. */
async function afterLoss(signal: AbortSignal, work: Promise<unknown>): Promise<undefined> {
  const done = new AbortController();
  const finish = (): void => done.abort();
  work.then(finish, finish);
  await pause(2 ** 31 - 1, AbortSignal.any([signal, done.signal]));
  await pause(LAST_SEND_MS, done.signal);
  return undefined;
}

function toMessages(posts: readonly FoundPost[], receipt: Parameters<typeof toRawPost>[1]): Message[] {
  return posts.flatMap((found) => {
    const post = toRawPost(found, receipt);
    return post ? [{ key: `${post.source}:${post.author}`, value: writeRawPost(post) }] : [];
  });
}

/** In their order, each within the limit. */
function portions(messages: readonly Message[]): Message[][] {
  const all: Message[][] = [];
  let bytes = Infinity;
  for (const message of messages) {
    const size = Buffer.byteLength(message.value ?? "");
    if (bytes + size > MOST_BYTES) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(message);
    bytes += size;
  }
  return all;
}
