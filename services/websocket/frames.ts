/** What a client is told: each function writes one whole text frame. */
import type { AlertMessage } from "../shared/topics/alerts.ts";
import type { PriceMessage } from "../shared/topics/prices.ts";
import type { SentimentMessage } from "../shared/topics/sentiment.ts";
import type { Channel } from "./channel.ts";
import type { Offsets, Refusal } from "./requests.ts";

/** Frames of prices don't name their channel: they are older than the others. */
const named = (channel: Channel): { channel?: Channel } => (channel === "prices" ? {} : { channel });

/** Whose alerts they are is not said: a connection has one user. */
function about(channel: Channel, keys: readonly string[]) {
  if (channel === "prices") return { products: keys };
  return channel === "sentiment" ? { channel, symbols: keys } : { channel };
}

export const subscribed = (channel: Channel, keys: readonly string[], at: Offsets): string =>
  JSON.stringify({ type: "subscribed", ...about(channel, keys), at });

export const unsubscribed = (channel: Channel, keys: readonly string[]): string =>
  JSON.stringify({ type: "unsubscribed", ...about(channel, keys) });

/** Offsets `from` to `to` (both included) are not held here; `to` below `from` means a position of another topic. */
export const gap = (channel: Channel, partition: number, from: number, to: number): string =>
  JSON.stringify({ type: "gap", ...named(channel), partition, from, to });

/** So many updates were left out, as asked, since the client was slow. The latest ones follow. */
export const conflated = (channel: Channel, skipped: number): string =>
  JSON.stringify({ type: "conflated", channel, skipped });

/** The connection speaks for its user until `expires`; a new token before then prolongs it. */
export const authenticated = (expires: Date): string =>
  JSON.stringify({ type: "authenticated", expires: expires.toISOString() });

export const error = ({ code, detail }: Refusal): string => JSON.stringify({ type: "error", code, detail });

export function price(message: PriceMessage, partition: number, offset: number): Buffer {
  const { product, tradeId, price: amount, size, side, time } = message;
  return frame({ type: "price", product, tradeId, price: amount, size, side, time, partition, offset });
}

export function sentiment(message: SentimentMessage, partition: number, offset: number): Buffer {
  const { symbol, post, score, confidence, hour, time, receivedAt } = message;
  return frame({ type: "sentiment", symbol, post, score, confidence, hour, time, receivedAt, partition, offset });
}

export function alert(message: AlertMessage, partition: number, offset: number): Buffer {
  const { id, rule, kind, subject, direction, threshold, value, time, firedAt } = message;
  const fields = { id, rule, kind, subject, direction, threshold, value, time, firedAt };
  return frame({ type: "alert", ...fields, partition, offset });
}

/** The one serialisation of an update, shared by all clients and by replays. */
const frame = (content: object): Buffer => Buffer.from(JSON.stringify(content));
