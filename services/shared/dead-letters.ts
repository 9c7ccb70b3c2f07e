import type { Message } from "./kafka.ts";
import type { Logger } from "./logging.ts";

/** A message that can't be used, and why. */
export interface Reject {
  readonly topic: string;
  readonly partition: number;
  readonly offset: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly timestamp: string;
  readonly reason: string;
}

/** Puts messages aside with their reason and origin in headers, key and value untouched. Resolves when they are safe. */
export type DeadLetters = (rejects: readonly Reject[]) => Promise<void>;

export function createDeadLetters(send: (messages: Message[]) => Promise<void>, log: Logger): DeadLetters {
  return async (rejects) => {
    await send(rejects.map(toMessage));
    for (const { topic, partition, offset, reason } of rejects) {
      log.warn({ topic, partition, offset, reason }, "a message was put aside");
    }
  };
}

function toMessage({ topic, partition, offset, key, value, timestamp, reason }: Reject): Message {
  return {
    key,
    value,
    headers: {
      "dead-letter-reason": reason,
      "dead-letter-topic": topic,
      "dead-letter-partition": String(partition),
      "dead-letter-offset": offset,
      "dead-letter-timestamp": timestamp,
    },
  };
}
