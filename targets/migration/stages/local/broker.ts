/** What a rehearsal asks the brokers, and puts into their topics. */
import { randomUUID } from "node:crypto";
import { Kafka, logLevel, type Admin } from "kafkajs";
import { type Lag, lagBy } from "../lag.ts";

export interface Broker {
  readonly lag: Lag;
  /** Messages that a topic holds. */
  messages(topic: string): Promise<number>;
  /** Every value that a topic holds now, a partition after the other. */
  values(topic: string): Promise<readonly Buffer[]>;
  /** Puts one value into each of the first partitions, without a key. */
  publish(topic: string, values: readonly Buffer[]): Promise<void>;
  stop(): Promise<void>;
}

export async function connectBroker(brokers: string): Promise<Broker> {
  const kafka = new Kafka({
    clientId: "rehearsal",
    brokers: brokers.split(","),
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  });
  const admin: Admin = kafka.admin();
  await admin.connect();
  return {
    lag: lagBy(admin),
    messages: async (topic) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    },
    values: (topic) => valuesOf(kafka, admin, topic),
    publish: async (topic, values) => {
      const producer = kafka.producer({ allowAutoTopicCreation: false });
      await producer.connect();
      try {
        await producer.send({ topic, messages: values.map((value, partition) => ({ value, partition })) });
      } finally {
        await producer.disconnect();
      }
    },
    stop: () => admin.disconnect(),
  };
}

/** Reads up to the ends that the partitions have at its start, as a group of its own that commits nothing. */
async function valuesOf(kafka: Kafka, admin: Admin, topic: string): Promise<readonly Buffer[]> {
  const ends = await admin.fetchTopicOffsets(topic);
  const left = new Map(ends.map(({ partition, low, high }) => [partition, Number(high) - Number(low)]));
  const values: Buffer[] = [];
  if (ends.every(({ low, high }) => low === high)) return values;
  const groupId = `rehearsal-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxWaitTimeInMs: 100, allowAutoTopicCreation: false });
  const done = Promise.withResolvers<undefined>();
  consumer.on("consumer.crash", ({ payload }) => done.reject(payload.error));
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [topic], fromBeginning: true });
    await consumer.run({
      autoCommit: false,
      eachMessage: ({ partition, message: { value } }) => {
        const more = left.get(partition) ?? 0;
        if (more > 0 && value) values.push(value);
        left.set(partition, more - 1);
        if ([...left.values()].every((count) => count <= 0)) done.resolve(undefined);
        return Promise.resolve();
      },
    });
    await done.promise;
  } finally {
    await consumer.disconnect();
  }
  return values;
}
