import { createProducer, type Kafka, type Message, type Producer } from "./kafka.ts";
import type { Logger } from "./logging.ts";

export interface Sender {
  /** Resolves when all in-sync replicas have the messages. After a failure some of them may be in the topic. */
  send(topic: string, messages: Message[]): Promise<void>;
  /** Waits for the send under way, then disconnects. */
  close(): Promise<void>;
}

/**
 * Sends one batch after the other by an idempotent producer. It connects with the first batch, and starts anew after a
 * failure: a producer whose sequence the broker no longer accepts would never get better.
 */
export function createSender(kafka: Kafka, log: Logger): Sender {
  let producer: Producer | undefined;
  let last: Promise<void> = Promise.resolve();

  const discard = async (): Promise<void> => {
    const old = producer;
    producer = undefined;
    await old?.disconnect().catch((error: unknown) => log.debug({ err: error }, "producer could not disconnect"));
  };
  const sendNow = async (topic: string, messages: Message[]): Promise<void> => {
    try {
      if (!producer) {
        producer = createProducer(kafka);
        await producer.connect();
      }
      await producer.send({ topic, messages, acks: -1 });
    } catch (error) {
      await discard();
      throw error;
    }
  };
  return {
    send: (topic, messages) => {
      const sent = last.then(() => sendNow(topic, messages));
      last = sent.catch(() => undefined);
      return sent;
    },
    close: async () => {
      await last;
      await discard();
    },
  };
}
