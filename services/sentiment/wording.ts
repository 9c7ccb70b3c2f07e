import type { Message } from "../shared/kafka.ts";
import { writeSentiment } from "../shared/topics/sentiment.ts";
import type { Kept } from "./store.ts";

/** A score as the topic has it: as it is stored. */
export function toMessage({ key, source, receivedAt, opinion, hour, revision }: Kept): Message {
  const { post, symbol, time } = key;
  const value = writeSentiment({ v: 1, post, source, symbol, ...opinion, hour, revision, time, receivedAt });
  return { key: symbol, value };
}
