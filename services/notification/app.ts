import { createBatchHandler } from "../shared/batches.ts";
import { runConsumer } from "../shared/consumer.ts";
import { createDeadLetters } from "../shared/dead-letters.ts";
import type { Kafka } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import type { Check } from "../shared/probes.ts";
import { createSender } from "../shared/sender.ts";
import { readAlert } from "../shared/topics/alerts.ts";
import { type Channels, sendBy } from "./channels.ts";
import { type CourierTiming, runCourier } from "./courier.ts";
import { deadDelivery } from "./give-up.ts";
import type { Store } from "./store.ts";

export interface NotificationOptions {
  readonly kafka: Kafka;
  readonly store: Store;
  readonly channels: Channels;
  readonly log: Logger;
  /** Unique among all replicas of both sides. */
  readonly holder: string;
  readonly topics: { readonly alerts: string; readonly deadLetters: string };
  /** Consumer group. */
  readonly group: string;
  readonly timing?: CourierTiming;
}

export interface Notification {
  readonly checks: readonly Check[];
  /** False when nobody has looked for deliveries for long. */
  alive(): boolean;
  /** Finishes and commits the batch under way. */
  stopConsumer(): Promise<void>;
  /** Ends the deliveries under way. */
  stopCourier(): Promise<void>;
}

/** A consumer that was a member a moment ago is coming back. */
const CONSUMER_PATIENCE_MS = 10_000;
/** A look waits for a free slot, and each slot is free again in less. */
const STUCK_MS = 120_000;

/** Alerts become rows, one a channel; the rows are sent by whichever replica takes them. */
export function startNotification(options: NotificationOptions): Notification {
  const { kafka, store, channels, log, holder, topics, group, timing } = options;
  const sender = createSender(kafka, log);
  const deadLetters = createDeadLetters((messages) => sender.send(topics.deadLetters, messages), log);
  const courier = runCourier({
    store,
    send: (delivery) => sendBy(channels, delivery),
    giveUp: (delivery, reason) => sender.send(topics.deadLetters, [deadDelivery(delivery, reason, topics.alerts)]),
    log,
    holder,
    ...(timing ? { timing } : {}),
  });
  const consumer = runConsumer({
    ...{ kafka, log, groupId: group, topic: topics.alerts },
    eachBatch: createBatchHandler({
      ...{ read: readAlert, deadLetters, log },
      work: async (alerts) => {
        await store.plan(
          alerts.map(({ message }) => message.id),
          channels.push !== undefined,
        );
        courier.wake();
        return [];
      },
    }),
  });

  return {
    alive: () => courier.idleFor() < STUCK_MS,
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
    stopConsumer: () => consumer.stop(),
    stopCourier: async () => {
      await courier.stop();
      await sender.close();
    },
  };
}
