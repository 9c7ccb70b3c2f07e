/** The three channels, and what their messages are to a client. */
import { createDropRule } from "../shared/effectively-once.ts";
import type { Logger } from "../shared/logging.ts";
import { readAlert } from "../shared/topics/alerts.ts";
import { readPrice } from "../shared/topics/prices.ts";
import type { ReadResult } from "../shared/topics/read.ts";
import { readSentiment } from "../shared/topics/sentiment.ts";
import type { Channel, ChannelForm, Decoder } from "./channel.ts";
import * as frames from "./frames.ts";
import { createRepeatRule } from "./repeats.ts";
import { TopicStream } from "./stream.ts";

/** Handovers of the feed repeat a few hundred trades at most. */
export const PRICES: ChannelForm = {
  channel: "prices",
  capacity: 20_000,
  priming: 2_000,
  createDecoder: () => {
    const isNew = createDropRule();
    return decoder(
      readPrice,
      ({ product }) => product,
      // Trades of another exchange than the one that the product is known by have ids of their own.
      ({ product, tradeId, reference }) => reference && isNew(product, tradeId),
      frames.price,
    );
  },
};

/** Outboxes and retried batches repeat a batch at most. */
export const SENTIMENT: ChannelForm = {
  channel: "sentiment",
  capacity: 5_000,
  priming: 1_000,
  createDecoder: (priming) => {
    const isNew = createRepeatRule(priming);
    return decoder(
      readSentiment,
      ({ symbol }) => symbol,
      // A late score says how an hour stood that is over.
      ({ symbol, post, revision }, partition, offset) =>
        revision === 0 && isNew(partition, offset, `${symbol} ${post}`),
      frames.sentiment,
    );
  },
};

export const ALERTS: ChannelForm = {
  channel: "alerts",
  capacity: 5_000,
  priming: 1_000,
  createDecoder: (priming) => {
    const isNew = createRepeatRule(priming);
    return decoder(
      readAlert,
      ({ user }) => user,
      ({ id }, partition, offset) => isNew(partition, offset, id),
      frames.alert,
    );
  },
};

export type Streams = Readonly<Record<Channel, TopicStream>>;

export function createStreams(log: Logger): Streams {
  return {
    prices: new TopicStream({ form: PRICES, log }),
    sentiment: new TopicStream({ form: SENTIMENT, log }),
    alerts: new TopicStream({ form: ALERTS, log }),
  };
}

/** Closes over the type of a topic's messages, so that nothing behind it needs to know. */
function decoder<T>(
  read: (value: Buffer | null) => ReadResult<T>,
  keyOf: (message: T) => string,
  isNew: (message: T, partition: number, offset: number) => boolean,
  frame: (message: T, partition: number, offset: number) => Buffer,
): Decoder {
  return (value, partition, offset) => {
    const result = read(value);
    if (!result.ok) return result;
    const { message } = result;
    return {
      ok: true,
      key: keyOf(message),
      isNew: isNew(message, partition, offset),
      frame: () => frame(message, partition, offset),
    };
  };
}
