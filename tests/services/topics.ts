import type { IHeaders, Kafka } from "../../services/shared/kafka.ts";
import type { ReadResult } from "../../services/shared/topics/read.ts";
import { unique } from "./support.ts";

/** All that a topic carries, in the order of each partition, from its first message on. */
export interface Listener<T> {
  readonly messages: readonly T[];
  /** As text, by message. */
  readonly headers: readonly Readonly<Record<string, string>>[];
  stop(): Promise<void>;
}

/** @param read what makes of each value a message; one that doesn't fit fails the test that looks */
export async function listen<T>(
  kafka: Kafka,
  topic: string,
  read: (value: Buffer | null) => ReadResult<T>,
): Promise<Listener<T>> {
  const messages: T[] = [];
  const headers: Record<string, string>[] = [];
  const consumer = kafka.consumer({ groupId: unique("listen"), maxWaitTimeInMs: 50 });
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({
    eachMessage: ({ message }) => {
      const result = read(message.value);
      if (!result.ok) throw new Error(result.reason);
      messages.push(result.message);
      headers.push(asText(message.headers ?? {}));
      return Promise.resolve();
    },
  });
  return { messages, headers, stop: () => consumer.disconnect() };
}

function asText(headers: IHeaders): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value?.toString() ?? ""]));
}
