import { BrokenCircuitError, circuitBreaker, ConsecutiveBreaker, handleAll } from "cockatiel";

import type { Logger } from "../shared/logging.ts";
import type { Model } from "./model.ts";

export interface FallbackOptions {
  /** The better one; it may be away. */
  readonly first: Model;
  /** The one that always answers. */
  readonly second: Model;
  readonly log: Logger;
  /** Failures in a row after which the first one is left alone. */
  readonly failures?: number;
  /** Milliseconds until it is tried again, by one request. */
  readonly rest?: number;
}

const FAILURES = 3;
const REST_MS = 10_000;

/**
 * Asks the first model for as long as it answers in time, else the second. Once it has failed a few times it is not
 * asked for a while: a model that is starting must not cost each post its deadline.
 */
export function withFallback(options: FallbackOptions): Model {
  const { first, second, log, failures = FAILURES, rest = REST_MS } = options;
  const breaker = circuitBreaker(handleAll, { halfOpenAfter: rest, breaker: new ConsecutiveBreaker(failures) });
  breaker.onBreak(() => log.warn({ rest }, "the inference service is left alone; the lexicon scores"));
  breaker.onReset(() => log.info("the inference service scores again"));
  return {
    score: async (texts) => {
      try {
        return await breaker.execute(() => first.score(texts));
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) log.warn({ err: error }, "the inference service did not score");
        return second.score(texts);
      }
    },
  };
}
