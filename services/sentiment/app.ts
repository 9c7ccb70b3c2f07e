import { runConsumer } from "../shared/consumer.ts";
import { createDeadLetters } from "../shared/dead-letters.ts";
import type { Kafka, Message } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Pool } from "../shared/postgres.ts";
import type { Check } from "../shared/probes.ts";
import type { Queue } from "../shared/queue.ts";
import { createSender } from "../shared/sender.ts";
import { createTally } from "../shared/tally.ts";
import type { Model } from "./model.ts";
import { keepPartitioned } from "./partitions.ts";
import { takeRevisions } from "./revisions.ts";
import { createSecondOpinion } from "./second-opinion.ts";
import { createStore } from "./store.ts";
import { createWorker } from "./worker.ts";

export interface SentimentOptions {
  readonly kafka: Kafka;
  readonly pool: Pool;
  readonly model: Model;
  readonly log: Logger;
  readonly topics: { readonly cleanPosts: string; readonly sentiment: string; readonly deadLetters: string };
  readonly group: string;
  /** Where the model is asked again, and where it answers; without them a first score stays. */
  readonly queues?: { readonly requests: Pick<Queue, "send">; readonly results: Pick<Queue, "receive" | "done"> };
}

export interface SentimentProcessor {
  readonly checks: readonly Check[];
  /** Posts by the model that scored them, since the start. */
  counts(): Readonly<Record<string, number>>;
  /** Finishes and commits the batch under way, leaves the group. */
  stop(): Promise<void>;
}

/** A consumer that was a member a moment ago is coming back. */
const CONSUMER_PATIENCE_MS = 10_000;

export function startSentiment(options: SentimentOptions): SentimentProcessor {
  const { kafka, pool, model, log, topics, group, queues } = options;
  const stopping = new AbortController();
  const sender = createSender(kafka, log);
  const tally = createTally(log);
  const store = createStore(pool);
  const upkeep = keepPartitioned(pool, log, stopping.signal);
  const send = (messages: Message[]) => sender.send(topics.sentiment, messages);
  const putAside = (messages: Message[]) => sender.send(topics.deadLetters, messages);
  const revisions =
    queues && takeRevisions({ queue: queues.results, store, send, putAside, tally, log }, stopping.signal);
  const consumer = runConsumer({
    kafka,
    groupId: group,
    topic: topics.cleanPosts,
    log,
    eachBatch: createWorker({
      model,
      store,
      send,
      ...(queues ? { askAgain: createSecondOpinion({ queue: queues.requests, tally, log }) } : {}),
      deadLetters: createDeadLetters(putAside, log),
      tally,
      log,
    }),
  });
  return {
    checks: [
      { name: "postgres", required: true, run: () => store.check() },
      {
        name: "consumer",
        required: true,
        run: () => {
          if (consumer.awayFor() > CONSUMER_PATIENCE_MS) throw new Error("not a member of the consumer group");
        },
      },
    ],
    counts: () => tally.counts(),
    stop: async () => {
      stopping.abort();
      await consumer.stop();
      await Promise.all([upkeep, revisions]);
      await sender.close();
      tally.stop();
    },
  };
}
