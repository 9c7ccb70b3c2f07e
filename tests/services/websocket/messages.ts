import { randomUUID } from "node:crypto";

import { type AlertMessage, writeAlert } from "../../../services/shared/topics/alerts.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { type SentimentMessage, writeSentiment } from "../../../services/shared/topics/sentiment.ts";
import type { TopicStream } from "../../../services/websocket/stream.ts";

/** The value of one message of the prices topic. */
export function message(product: string, tradeId: number, from: Partial<PriceMessage> = {}): Buffer {
  const value: PriceMessage = {
    v: 1,
    product,
    exchange: "coinbase",
    reference: true,
    tradeId,
    price: "1.5",
    size: "2",
    side: "sell",
    time: "2026-11-24T07:00:00.000Z",
    sequence: null,
    fence: 1,
    ...from,
  };
  return Buffer.from(JSON.stringify(value));
}

/** The value of one message of the sentiment topic. */
export function feeling(symbol: string, post: string): Buffer {
  const value: SentimentMessage = {
    v: 1,
    revision: 0,
    post,
    source: "bluesky",
    symbol,
    score: 0.5,
    confidence: 0.75,
    model: "lexicon-1",
    hour: { mean: 0.25, posts: 3 },
    time: "2026-11-24T07:00:00.000Z",
    receivedAt: "2026-11-24T07:00:01.000Z",
  };
  return Buffer.from(writeSentiment(value));
}

/** The value of one message of the alerts topic. */
export function crossing(user: string, id: string = randomUUID()): Buffer {
  const value: AlertMessage = {
    v: 1,
    id,
    user,
    rule: "0d7c7a4e-7f0b-4b8e-9b0a-2f0a4d6f2c11",
    kind: "price",
    subject: "BTC-USD",
    direction: "above",
    threshold: "90000",
    value: "90000.5",
    time: "2026-11-24T07:00:00.000Z",
    firedAt: "2026-11-24T07:00:00.250Z",
  };
  return Buffer.from(writeAlert(value));
}

/** A partition's log that several replicas read. */
export class Log {
  readonly #values: Buffer[] = [];

  append(product: string, ...tradeIds: number[]): void {
    for (const tradeId of tradeIds) this.#values.push(message(product, tradeId));
  }

  add(...values: Buffer[]): void {
    this.#values.push(...values);
  }

  get high(): number {
    return this.#values.length;
  }

  /** Lets a replica read up to an offset, from wherever it is. */
  feed(stream: TopicStream, to = this.high, partition = 0): void {
    for (let offset = stream.ring(partition)?.next ?? 0; offset < to; offset += 1) {
      stream.accept(partition, offset, this.#values[offset] ?? null);
    }
  }
}
