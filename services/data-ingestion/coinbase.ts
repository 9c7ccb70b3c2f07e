import { z } from "zod";

/** The public format of Coinbase Exchange. @source docs.cdp.coinbase.com/exchange, WebSocket channels, read 2026-11 */

const id = z.number().int().nonnegative();
const decimal = z.string().regex(/^\d{1,20}(\.\d{1,18})?$/);
const time = z.iso.datetime({ offset: true });
const side = z.enum(["buy", "sell"]);

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

/** `GET /products/{id}/trades`: newest first. */
const restTrades = z.array(z.object({ trade_id: id, price: decimal, size: decimal, side, time }));

/** A trade, whichever way it came. `time` is ISO 8601 in UTC. */
export interface Trade {
  readonly product: string;
  /** Contiguous per product. */
  readonly tradeId: number;
  readonly price: string;
  readonly size: string;
  readonly side: "buy" | "sell";
  readonly time: string;
  readonly sequence: number | null;
}

export type FeedEvent =
  | { readonly kind: "trade"; readonly trade: Trade }
  | { readonly kind: "heartbeat"; readonly product: string; readonly lastTradeId: number }
  | { readonly kind: "subscribed" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** The one message a client sends. `heartbeat` tells a silent feed from a quiet market. */
export const subscribeMessage = (products: readonly string[]): string =>
  JSON.stringify({ type: "subscribe", product_ids: products, channels: ["matches", "heartbeat"] });

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
      return { kind: "trade", trade: { ...trade(message.product_id, message), sequence: message.sequence } };
    case "heartbeat":
      return { kind: "heartbeat", product: message.product_id, lastTradeId: message.last_trade_id };
    case "subscriptions":
      return { kind: "subscribed" };
    case "error":
      return { kind: "refused", reason: [message.message, message.reason].filter(Boolean).join(": ") };
  }
}

/** Reads a page of the REST endpoint, oldest first. @throws when it isn't one */
export function readPage(product: string, json: unknown): Trade[] {
  return restTrades
    .parse(json)
    .map((row) => trade(product, row))
    .sort((a, b) => a.tradeId - b.tradeId);
}

function trade(product: string, row: z.infer<typeof restTrades>[number]): Trade {
  const { trade_id: tradeId, price, size, side: maker, time: at } = row;
  return { product, tradeId, price, size, side: maker, time: inUtc(at), sequence: null };
}

/** Keeps the exchange's microseconds where it wrote UTC already. */
function inUtc(at: string): string {
  return at.endsWith("Z") ? at : new Date(at).toISOString();
}
