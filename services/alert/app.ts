import { createBatchHandler } from "../shared/batches.ts";
import { type RunningConsumer, runConsumer } from "../shared/consumer.ts";
import { createDeadLetters } from "../shared/dead-letters.ts";
import { keepTidy } from "../shared/housekeeping.ts";
import type { Kafka } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Pool } from "../shared/postgres.ts";
import type { Check } from "../shared/probes.ts";
import { createSender } from "../shared/sender.ts";
import { readPrice } from "../shared/topics/prices.ts";
import { readSentiment } from "../shared/topics/sentiment.ts";
import { createEvaluator } from "./evaluator.ts";
import { CHORES } from "./housekeeping.ts";
import { runOutbox } from "./outbox.ts";
import { createPast } from "./past.ts";
import { Prices } from "./prices.ts";
import { keepFresh } from "./refresh.ts";
import { RuleBook } from "./rule-book.ts";
import { createStore } from "./store.ts";
import { createTurns } from "./turns.ts";

export interface AlertingOptions {
  readonly kafka: Kafka;
  readonly pool: Pool;
  readonly log: Logger;
  readonly topics: Readonly<Record<"prices" | "sentiment" | "alerts" | "deadLetters", string>>;
  /** Consumer groups. */
  readonly groups: Readonly<Record<"prices" | "sentiment", string>>;
}

export interface Alerting {
  readonly checks: readonly Check[];
  /** False when the rules have not been looked at for long. */
  alive(): boolean;
  /** Finishes and commits the batches under way. */
  stopConsumers(): Promise<void>;
  /** Publishes what is left. */
  stopOutbox(): Promise<void>;
}

/** A consumer that was a member a moment ago is coming back. */
const CONSUMER_PATIENCE_MS = 10_000;
/** A look at the rules waits for the batch under way, and is bounded by Postgres' timeouts otherwise. */
const STUCK_MS = 60_000;

/** Starts both consumers, the outbox and what keeps the rules fresh. Every replica does all of it. */
export function startAlerting({ kafka, pool, log, topics, groups }: AlertingOptions): Alerting {
  const stopping = new AbortController();
  let turned = performance.now();
  const sender = createSender(kafka, log);
  const deadLetterSender = createSender(kafka, log);
  const deadLetters = createDeadLetters((messages) => deadLetterSender.send(topics.deadLetters, messages), log);
  const outbox = runOutbox({ pool, send: (messages) => sender.send(topics.alerts, messages), log });

  const [store, book, turns] = [createStore(pool), new RuleBook(), createTurns()];
  const prices = new Prices(book, createPast(pool), log);
  const evaluator = createEvaluator({ store, book, prices, turns, onAlerts: () => outbox.wake() });
  const background = [
    keepFresh({ store, book, turns, log, signal: stopping.signal, onTurn: () => (turned = performance.now()) }),
    keepTidy(pool, CHORES, log, stopping.signal),
  ];
  const consumers: Readonly<Record<string, RunningConsumer>> = {
    prices: runConsumer({
      ...{ kafka, log, groupId: groups.prices, topic: topics.prices },
      eachBatch: createBatchHandler({ read: readPrice, work: (batch) => evaluator.prices(batch), deadLetters, log }),
    }),
    sentiment: runConsumer({
      ...{ kafka, log, groupId: groups.sentiment, topic: topics.sentiment },
      eachBatch: createBatchHandler({
        ...{ read: readSentiment, deadLetters, log },
        work: (batch) => evaluator.sentiment(batch),
      }),
    }),
  };

  return {
    alive: () => performance.now() - turned < STUCK_MS,
    checks: [
      { name: "postgres", required: true, run: () => store.check() },
      ...Object.entries(consumers).map(([name, consumer]) => ({
        name,
        required: true,
        run: () => {
          if (consumer.awayFor() > CONSUMER_PATIENCE_MS) throw new Error("not a member of the consumer group");
        },
      })),
    ],
    stopConsumers: async () => {
      stopping.abort();
      await Promise.all([...Object.values(consumers).map((consumer) => consumer.stop()), ...background]);
      await deadLetterSender.close();
    },
    stopOutbox: async () => {
      await outbox.stop();
      await sender.close();
    },
  };
}
