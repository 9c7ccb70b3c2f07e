import type { Message } from "../shared/kafka.ts";
import { errorCode, type Logger } from "../shared/logging.ts";
import { isBadData } from "../shared/postgres.ts";
import type { Queue, Received } from "../shared/queue.ts";
import { readScoringResult, type ScoringResult } from "../shared/queues/scoring.ts";
import { type Backoff, backoffDelay, pause } from "../shared/retry.ts";
import type { Tally } from "../shared/tally.ts";
import type { Store } from "./store.ts";
import { weighed } from "./weight.ts";
import { toMessage } from "./wording.ts";

export interface RevisionsOptions {
  readonly queue: Pick<Queue, "receive" | "done">;
  readonly store: Pick<Store, "revise">;
  /** Resolves when the topic of sentiment has them all. */
  readonly send: (messages: Message[]) => Promise<void>;
  /** Puts an answer aside that can't be used. Resolves when it is safe. */
  readonly putAside: (messages: Message[]) => Promise<void>;
  readonly tally: Tally;
  readonly log: Logger;
  readonly backoff?: Backoff;
}

const BACKOFF: Backoff = { first: 500, most: 30_000 };
const ORIGIN = "ml-results";

/**
 * Takes the model's late answers until the signal fires: into the table, then as a revision into the topic, and only
 * then out of the queue. A crash in between brings them again, which changes nothing and repeats the message.
 */
export async function takeRevisions(options: RevisionsOptions, signal: AbortSignal): Promise<void> {
  const { queue, log, backoff = BACKOFF } = options;
  const isOver = (): boolean => signal.aborted;
  for (let failures = 0; !isOver();) {
    try {
      const received = await queue.receive(signal);
      if (received.length > 0) {
        await apply(options, received);
        await queue.done(received);
      }
      failures = 0;
    } catch (error) {
      if (!isOver()) log.warn({ err: error }, "late scores could not be taken; trying again");
      await pause(backoffDelay(failures, backoff), signal);
      failures += 1;
    }
  }
}

async function apply(options: RevisionsOptions, received: readonly Received[]): Promise<void> {
  const { store, send, putAside, tally } = options;
  const aside: Message[] = [];
  for (const message of received) {
    const read = readScoringResult(message.body);
    if (!read.ok) {
      aside.push(asideOf(message, read.reason));
      continue;
    }
    try {
      const revised = await store.revise(keyOf(read.message), weighed(read.message, read.message.among));
      if (revised) await send([toMessage(revised)]);
      tally.add(revised ? `revised by ${revised.opinion.model}` : "late score of nothing");
    } catch (error) {
      if (!isBadData(error)) throw error;
      aside.push(asideOf(message, `Postgres refuses the values (${errorCode(error) ?? "no code"})`));
    }
  }
  if (aside.length > 0) await putAside(aside);
  tally.add("late score put aside", aside.length);
}

const keyOf = ({ post, symbol, time }: ScoringResult) => ({ post, symbol, time });

function asideOf({ id, body }: Received, reason: string): Message {
  return { value: body, headers: { "dead-letter-reason": reason, "dead-letter-topic": ORIGIN, "dead-letter-id": id } };
}
