/** Frames as the WebSocket service itself writes them. */
import type { Channel } from "../../../../services/websocket/channel.ts";
import * as write from "../../../../services/websocket/frames.ts";

const TIME = "2026-11-25T12:00:00.000Z";
const ID = "11111111-2222-4333-8444-555555555555";

/** An update of a channel at a place. */
export function at(channel: Channel, partition: number, offset: number): string {
  const frame = {
    prices: () =>
      write.price(
        {
          ...{ v: 1, product: "BTC-USD", tradeId: offset, price: "64000.5", size: "0.1", side: "buy", time: TIME },
          ...{ exchange: "coinbase", reference: true, sequence: null, fence: 1 },
        },
        partition,
        offset,
      ),
    sentiment: () =>
      write.sentiment(
        {
          ...{
            v: 1,
            post: "rss:1",
            source: "rss",
            revision: 0,
            symbol: "BTC",
            score: 0.5,
            confidence: 0.9,
            model: "lexicon-1",
          },
          ...{ hour: { mean: 0.2, posts: 3 }, time: TIME, receivedAt: TIME },
        },
        partition,
        offset,
      ),
    alerts: () =>
      write.alert(
        {
          ...{ v: 1, id: ID, user: ID, rule: ID, kind: "price", subject: "BTC-USD", direction: "above" },
          ...{ threshold: "64000", value: "64000.5", time: TIME, firedAt: TIME },
        },
        partition,
        offset,
      ),
  };
  return frame[channel]().toString();
}

/** One of each type, by its name. */
export const frames = {
  subscribed: write.subscribed("prices", ["BTC-USD"], { "0": 4 }),
  gap: write.gap("alerts", 0, 1, 2),
  authenticated: write.authenticated(new Date(TIME)),
  error: write.error({ code: "invalid-json", detail: "Messages are JSON objects." }),
  price: at("prices", 0, 1),
  sentiment: at("sentiment", 0, 1),
  alert: at("alerts", 0, 1),
};

export const unknownPartition = write.error({ code: "unknown-partition", detail: "There is no partition 5." });

export const notNow = write.error({ code: "channel-unavailable", detail: "This channel is not there at the moment." });
