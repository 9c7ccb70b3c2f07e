import { type RunningConsumer, runConsumer } from "../shared/consumer.ts";
import { deleteGroup, type Kafka } from "../shared/kafka.ts";
import type { Logger } from "../shared/logging.ts";
import { untilDone } from "../shared/retry.ts";
import type { TopicStream, Watermarks } from "./stream.ts";

export interface FeedOptions {
  readonly kafka: Kafka;
  readonly topic: string;
  readonly groupId: string;
  readonly stream: TopicStream;
  readonly log: Logger;
}

export interface Feed {
  /** Milliseconds since the topic was last being read; 0 while it is. */
  awayFor(): number;
  /** Stops reading and deletes this replica's group, which nobody else uses. */
  stop(): Promise<void>;
}

/** Fills the stream from the topic, for ever. Starts in the background; nothing is thrown. */
export function startFeed({ kafka, topic, groupId, stream, log }: FeedOptions): Feed {
  const stopping = new AbortController();
  let consumer: RunningConsumer | undefined;

  const started = (async () => {
    const watermarks = await untilDone(() => readWatermarks(kafka, topic), {
      signal: stopping.signal,
      backoff: { first: 200, most: 3_000 },
      onFailure: (error, attempts) => log.warn({ err: error, topic, attempts }, "the topic can't be read yet"),
    });
    if (!watermarks) return;
    stream.begin(watermarks);
    consumer = runConsumer({
      kafka,
      groupId,
      topic,
      log,
      positions: (partitions) => stream.positions(partitions),
      eachBatch: async (payload) => {
        const { batch } = payload;
        for (const { offset, value } of batch.messages) stream.accept(batch.partition, Number(offset), value);
        payload.resolveOffset(batch.lastOffset());
        await payload.heartbeat();
      },
    });
  })();

  return {
    awayFor: () => consumer?.awayFor() ?? Infinity,
    stop: async () => {
      stopping.abort();
      await started;
      if (!consumer) return;
      await consumer.stop();
      await deleteGroup(kafka, groupId).catch((error: unknown) =>
        log.debug({ err: error, groupId }, "the group could not be deleted; it expires by itself"),
      );
    },
  };
}

async function readWatermarks(kafka: Kafka, topic: string): Promise<Watermarks[]> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    const offsets = await admin.fetchTopicOffsets(topic);
    return offsets.map(({ partition, low, high }) => ({ partition, low: Number(low), high: Number(high) }));
  } finally {
    await admin.disconnect();
  }
}
