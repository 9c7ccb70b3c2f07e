import { runConsumer } from "../shared/consumer.ts";
import { createDeadLetters } from "../shared/dead-letters.ts";
import type { Kafka } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Check } from "../shared/probes.ts";
import { createSender } from "../shared/sender.ts";
import { createTally } from "../shared/tally.ts";
import { createNearDuplicates } from "./near-duplicates.ts";
import { createWorker } from "./worker.ts";

export interface PreprocessingOptions {
  readonly kafka: Kafka;
  readonly log: Logger;
  readonly topics: { readonly posts: string; readonly cleanPosts: string; readonly deadLetters: string };
  readonly group: string;
}

export interface Preprocessing {
  readonly checks: readonly Check[];
  /** Posts by what became of them, since the start. */
  counts(): Readonly<Record<string, number>>;
  /** Finishes and commits the batch under way, leaves the group. */
  stop(): Promise<void>;
}

/** A consumer that was a member a moment ago is coming back. */
const CONSUMER_PATIENCE_MS = 10_000;

export function startPreprocessing({ kafka, log, topics, group }: PreprocessingOptions): Preprocessing {
  const sender = createSender(kafka, log);
  const tally = createTally(log);
  const consumer = runConsumer({
    kafka,
    groupId: group,
    topic: topics.posts,
    log,
    eachBatch: createWorker({
      send: (messages) => sender.send(topics.cleanPosts, messages),
      deadLetters: createDeadLetters((messages) => sender.send(topics.deadLetters, messages), log),
      duplicates: createNearDuplicates(),
      tally,
      log,
    }),
  });
  return {
    checks: [
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
      await consumer.stop();
      await sender.close();
      tally.stop();
    },
  };
}
