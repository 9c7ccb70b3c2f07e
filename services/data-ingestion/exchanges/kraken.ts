import { z } from "zod";

import type { Exchange, FeedEvent } from "./exchange.ts";
import { decimal, makerOf, parseExactly, tradeId } from "./kraken-fields.ts";
import { createBackfill } from "./kraken-rest.ts";

/** The public format of Kraken's WebSocket v2, channel `trade`. @source docs.kraken.com, read 2026-11 */

const symbol = z.string().regex(/^[A-Z0-9]{1,16}\/[A-Z0-9]{1,16}$/, "must be a symbol like BTC/USD");

const trade = z.object({
  symbol,
  /** Of the order that took. */
  side: z.enum(["buy", "sell"]),
  price: decimal,
  qty: decimal,
  /** A sequence number, one for each book. */
  trade_id: tradeId,
  timestamp: z.iso.datetime({ offset: true }),
});

const frame = z.union([
  z.object({ channel: z.literal("trade"), type: z.enum(["snapshot", "update"]), data: z.array(trade) }),
  z.object({ channel: z.literal("heartbeat") }),
  z.object({ channel: z.literal("status"), data: z.array(z.object({ system: z.string() })) }),
  z.object({ method: z.literal("subscribe"), success: z.literal(true) }),
  z.object({ success: z.literal(false), error: z.string() }),
]);

/**
 * A heartbeat here names no trade, so a lost one shows with the next trade of its product, or with the snapshot of the
 * last fifty that a new subscription begins with.
 */
export const kraken: Exchange = {
  name: "kraken",
  subscribe: (products) =>
    JSON.stringify({
      method: "subscribe",
      params: { channel: "trade", symbol: products.map(symbolOf), snapshot: true },
    }),
  read,
  createBackfill,
  /** Its edge lets an address connect some 150 times in ten minutes. @source docs.kraken.com, WebSocket FAQ */
  backoff: { first: 5_000, most: 30_000 },
};

/** BTC-USD → BTC/USD. */
export const symbolOf = (product: string): string => product.replace("-", "/");
const productOf = (name: string): string => name.replace("/", "-").replace(/^XBT-/, "BTC-").replace(/^XDG-/, "DOGE-");

function read(text: string): readonly FeedEvent[] {
  let json: unknown;
  try {
    json = parseExactly(text);
  } catch {
    return [{ kind: "unknown", reason: "not JSON" }];
  }
  const parsed = frame.safeParse(json);
  if (!parsed.success) return [{ kind: "unknown", reason: "no frame of the trade channel" }];
  const message = parsed.data;
  if ("error" in message) return [{ kind: "refused", reason: message.error }];
  if ("method" in message) return [{ kind: "subscribed" }];
  switch (message.channel) {
    case "trade":
      // In their order, which no word of the format promises: the first one heard is where a new product begins.
      return message.data.toSorted((a, b) => a.trade_id - b.trade_id).map(eventOf);
    case "status": {
      const down = message.data.find(({ system }) => system !== "online");
      return [down ? { kind: "refused", reason: `the system is ${down.system}` } : { kind: "alive" }];
    }
    case "heartbeat":
      return [{ kind: "alive" }];
  }
  return [];
}

function eventOf(row: z.infer<typeof trade>): FeedEvent {
  const { symbol: name, side, price, qty: size, trade_id: id, timestamp } = row;
  const time = timestamp.endsWith("Z") ? timestamp : new Date(timestamp).toISOString();
  const sides = { side: makerOf(side), sequence: null };
  return { kind: "trade", trade: { product: productOf(name), tradeId: id, price, size, time, ...sides } };
}
