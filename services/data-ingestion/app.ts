import { type RunningConsumer, runConsumer } from "../shared/consumer.ts";
import type { Kafka } from "../shared/kafka.ts";
import { competeForLease, type LeaseStore } from "../shared/lease.ts";
import type { Logger } from "../shared/logging.ts";
import type { Check } from "../shared/probes.ts";
import { createSender } from "../shared/sender.ts";
import { createDeadLetters } from "../shared/dead-letters.ts";
import { carryFeed, type FeedSource } from "./source.ts";
import type { Store } from "./store.ts";
import { createWriter } from "./writer.ts";

export interface IngestionOptions {
  readonly kafka: Kafka;
  readonly store: Store;
  readonly leases: LeaseStore;
  readonly log: Logger;
  /** Unique among all replicas of both sides. */
  readonly holder: string;
  readonly leaseSeconds: number;
  /** One an exchange. */
  readonly feeds: readonly FeedSource[];
  readonly topics: { readonly prices: string; readonly deadLetters: string };
  /** Consumer group of the writer. */
  readonly group: string;
}

export interface Ingestion {
  readonly checks: readonly Check[];
  /** False when the lease loop has stopped turning. */
  alive(): boolean;
  /** Leaves the feeds and releases their leases, so that a standby takes over at once. */
  stopSources(): Promise<void>;
  /** Finishes and commits the batch under way. */
  stopWriter(): Promise<void>;
}

/** Each feed has one reader, wherever: two exchanges may be read by two replicas. */
export const leaseOf = ({ exchange }: FeedSource): string => `feed-${exchange.name}`;
/** A turn of the lease loop takes a third of the lease at most; this many leases without one is a hang. */
const STUCK_AFTER_LEASES = 5;

/**
 * Starts both halves. Every replica writes prices from the topic to Postgres; the one that has a feed's lease also
 * carries that feed into the topic. A standby is ready too: it does its share of the writing.
 */
export function startIngestion(options: IngestionOptions): Ingestion {
  const { kafka, store, leases, log, holder, leaseSeconds, feeds, topics, group } = options;
  const stopping = new AbortController();
  const turned = new Map(feeds.map((feed) => [leaseOf(feed), performance.now()]));

  const deadLetterSender = createSender(kafka, log);
  const deadLetters = createDeadLetters((messages) => deadLetterSender.send(topics.deadLetters, messages), log);
  const writer: RunningConsumer = runConsumer({
    kafka,
    groupId: group,
    topic: topics.prices,
    log,
    eachBatch: createWriter({ store, deadLetters, log }),
  });
  const sources = feeds.map((feed) =>
    competeForLease({
      ...{ name: leaseOf(feed), holder, seconds: leaseSeconds, store: leases, log },
      signal: stopping.signal,
      onTurn: () => turned.set(leaseOf(feed), performance.now()),
      whileOwner: (tenure) =>
        carryFeed({ ...feed, store, topic: topics.prices, createSender: () => createSender(kafka, log), log }, tenure),
    }),
  );

  return {
    alive: () => performance.now() - Math.min(...turned.values()) < STUCK_AFTER_LEASES * leaseSeconds * 1000,
    checks: [
      { name: "postgres", required: true, run: () => store.check() },
      {
        name: "writer",
        required: true,
        run: () => {
          if (writer.awayFor() > CONSUMER_PATIENCE_MS) throw new Error("not a member of the consumer group");
        },
      },
    ],
    stopSources: async () => {
      stopping.abort();
      await Promise.all(sources);
    },
    stopWriter: async () => {
      await writer.stop();
      await deadLetterSender.close();
    },
  };
}

/** A consumer that was a member a moment ago is coming back. */
const CONSUMER_PATIENCE_MS = 10_000;
