import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from "cockatiel";

import type { Logger } from "../shared/logging.ts";
import type { Queue } from "../shared/queue.ts";
import { writeScoringRequest } from "../shared/queues/scoring.ts";
import { within } from "../shared/retry.ts";
import type { Tally } from "../shared/tally.ts";
import { MOST_CHARACTERS } from "./inference.ts";
import { LEXICON } from "./lexicon.ts";
import type { Stored } from "./store.ts";

export interface SecondOpinionOptions {
  readonly queue: Pick<Queue, "send">;
  readonly tally: Tally;
  readonly log: Logger;
  /** Milliseconds that posts are held up by it. */
  readonly deadline?: number;
}

const DEADLINE_MS = 1_000;
const FAILURES = 3;
const REST_MS = 30_000;

/**
 * Asks the model again, by the queue, for what it did not score in time, or did not read to its end. Never throws: such
 * a post has its score, and only a better one is lost when the queue is away.
 */
export function createSecondOpinion(options: SecondOpinionOptions): (stored: readonly Stored[]) => Promise<void> {
  const { queue, tally, log, deadline = DEADLINE_MS } = options;
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: REST_MS, breaker: new ConsecutiveBreaker(FAILURES) });
  return async (stored) => {
    const open = stored.filter(isOpen);
    if (open.length === 0) return;
    try {
      await breaker.execute(() => within(deadline, "asking again", queue.send(open.map(toRequest))));
      tally.add("asked again", open.length);
    } catch (error) {
      tally.add("not asked again", open.length);
      if (!(error instanceof BrokenCircuitError)) log.warn({ err: error }, "the queue for second opinions is away");
    }
  };
}

function isOpen({ post, opinion, revision }: Stored): boolean {
  return revision === 0 && (opinion.model === LEXICON || post.text.length > MOST_CHARACTERS);
}

function toRequest({ post }: Stored): string {
  const { id, symbol, symbols, text, createdAt: time } = post;
  return writeScoringRequest({ v: 1, post: id, symbol, time, among: symbols.length, text: text.toWellFormed() });
}
