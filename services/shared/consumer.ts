import type { Consumer, ConsumerGroupJoinEvent, EachBatchPayload, Kafka } from "kafkajs";

import { CONSUMER_TIMES, RETRY } from "./kafka.ts";
import type { Logger } from "./logging.ts";
import { pause, untilDone, within } from "./retry.ts";

export interface ConsumerOptions {
  readonly kafka: Kafka;
  readonly groupId: string;
  readonly topic: string;
  readonly log: Logger;
  /** Handles one batch; it resolves and commits offsets by itself. A throw makes the batch come again. */
  readonly eachBatch: (payload: EachBatchPayload) => Promise<void>;
  /** Where to go on in the partitions just assigned; called at each join. Default: the committed offset. */
  readonly positions?: (partitions: readonly number[]) => ReadonlyMap<number, number>;
}

export interface RunningConsumer {
  /** Milliseconds since it was last a member of its group; 0 while it is, Infinity when it never was. */
  awayFor(): number;
  /** Finishes the batch under way, leaves the group, disconnects. */
  stop(): Promise<void>;
}

/** The most milliseconds that a stop waits for a join under way: kafkajs can't interrupt one. */
const JOIN_PATIENCE_MS = 4_000;

/**
 * Keeps a consumer alive for ever. Whatever ends one (coordinator still loading, broker away, topic not there yet) is
 * followed by a new one after a back-off; kafkajs' own restarts are off, so that there is one place that decides.
 */
export function runConsumer(options: ConsumerOptions): RunningConsumer {
  const { log, groupId, topic } = options;
  const stopping = new AbortController();
  let memberSince: number | undefined;
  let awaySince = -Infinity;
  let current: Incarnation | undefined;

  const joined = (): void => {
    memberSince = performance.now();
  };
  const left = (): void => {
    if (memberSince !== undefined) awaySince = performance.now();
    memberSince = undefined;
  };

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      await untilDone(
        async () => {
          current = incarnate(options, joined);
          try {
            await current.ended;
          } finally {
            left();
          }
        },
        {
          signal: stopping.signal,
          backoff: { first: 200, most: 2_000 },
          onFailure: (error, attempts) =>
            log.warn({ err: error, groupId, topic, attempts }, "consumer ended; starting anew"),
        },
      );
      await pause(200, stopping.signal);
    }
  })();

  return {
    awayFor: () => (memberSince === undefined ? performance.now() - awaySince : 0),
    stop: async () => {
      stopping.abort();
      await current?.stop();
      await loop;
    },
  };
}

interface Incarnation {
  /** Rejects with what ended it; resolves after a stop. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

function incarnate(options: ConsumerOptions, joined: () => void): Incarnation {
  const { kafka, groupId, topic, eachBatch, positions, log } = options;
  const consumer = kafka.consumer({
    groupId,
    ...CONSUMER_TIMES,
    allowAutoTopicCreation: false,
    retry: { ...RETRY, restartOnFailure: () => Promise.resolve(false) },
  });
  const end = Promise.withResolvers<undefined>();
  consumer.on("consumer.crash", ({ payload }) => end.reject(payload.error));
  consumer.on("consumer.group_join", ({ payload }) => {
    if (positions) seekTo(consumer, topic, positions, payload.memberAssignment);
    joined();
  });

  const started = (async () => {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({ autoCommit: false, eachBatchAutoResolve: false, eachBatch });
  })();
  started.catch(end.reject);

  let stopped: Promise<void> | undefined;
  const disconnect = async (): Promise<void> => {
    await within(JOIN_PATIENCE_MS, "joining", started).catch(() => undefined);
    await consumer.disconnect().catch((error: unknown) => log.debug({ err: error, groupId }, "disconnect failed"));
    end.resolve(undefined);
  };
  const stop = (): Promise<void> => (stopped ??= disconnect());
  return {
    ended: end.promise.catch(async (error: unknown) => {
      await stop();
      throw error;
    }),
    stop,
  };
}

/** Runs inside the join, before the first fetch, so that no message from another position slips through. */
function seekTo(
  consumer: Consumer,
  topic: string,
  positions: (partitions: readonly number[]) => ReadonlyMap<number, number>,
  assignment: ConsumerGroupJoinEvent["payload"]["memberAssignment"],
): void {
  for (const [partition, offset] of positions(assignment[topic] ?? [])) {
    consumer.seek({ topic, partition, offset: String(offset) });
  }
}
