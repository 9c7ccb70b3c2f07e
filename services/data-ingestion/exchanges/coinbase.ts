import { z } from "zod";

import { decimal, id, side, time, tradeOf } from "./coinbase-fields.ts";
import { createBackfill } from "./coinbase-rest.ts";
import type { Exchange, FeedEvent } from "./exchange.ts";

/** The public format of Coinbase Exchange. @source docs.cdp.coinbase.com/exchange, WebSocket channels, read 2026-11 */

const match = z.object({
  type: z.enum(["match", "last_match"]),
  trade_id: id,
  sequence: id,
  product_id: z.string(),
  time,
  size: decimal,
  price: decimal,
  side,
});

const feedMessage = z.discriminatedUnion("type", [
  match,
  z.object({ type: z.literal("heartbeat"), product_id: z.string(), last_trade_id: id, sequence: id, time }),
  z.object({ type: z.literal("subscriptions") }),
  z.object({ type: z.literal("error"), message: z.string(), reason: z.string().optional() }),
]);

export const coinbase: Exchange = {
  name: "coinbase",
  subscribe: subscribeMessage,
  read: (text) => [readFeed(text)],
  createBackfill,
  backoff: { first: 250, most: 15_000 },
};

/** The one message a client sends. `heartbeat` tells a silent feed from a quiet market. */
export function subscribeMessage(products: readonly string[]): string {
  return JSON.stringify({ type: "subscribe", product_ids: products, channels: ["matches", "heartbeat"] });
}

/** Reads a frame of the feed. What can't be read is `unknown`, never a throw: a trade in it shows as a gap. */
export function readFeed(text: string): FeedEvent {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: "unknown", reason: "not JSON" };
  }
  const parsed = feedMessage.safeParse(json);
  if (!parsed.success) return { kind: "unknown", reason: z.prettifyError(parsed.error).slice(0, 300) };
  const message = parsed.data;
  switch (message.type) {
    case "match":
    case "last_match":
      return { kind: "trade", trade: { ...tradeOf(message.product_id, message), sequence: message.sequence } };
    case "heartbeat":
      return { kind: "heartbeat", product: message.product_id, lastTradeId: message.last_trade_id };
    case "subscriptions":
      return { kind: "subscribed" };
    case "error":
      return { kind: "refused", reason: [message.message, message.reason].filter(Boolean).join(": ") };
  }
}
