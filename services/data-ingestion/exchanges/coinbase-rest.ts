import { z } from "zod";

import { decimal, id, side, time, tradeOf } from "./coinbase-fields.ts";
import type { Backfill, Trade } from "./exchange.ts";
import { textOf } from "./rest.ts";

/** `GET /products/{id}/trades`: newest first. */
const restTrades = z.array(z.object({ trade_id: id, price: decimal, size: decimal, side, time }));

/** The most trades that the exchange gives at a time. */
export const PAGE = 1000;

/**
 * Trades by REST. Ids are contiguous, so a page that ends right after the gap's first `PAGE` ids holds just those:
 * `after` (older than) takes us forward page by page, where `before` (newer than) would begin at the newest trade.
 */
export function createBackfill(restUrl: string, get: typeof fetch = fetch): Backfill {
  const base = restUrl.replace(/\/+$/, "");
  return {
    page: PAGE,
    trades: async (product, { from, to }) => {
      const end = Math.min(to, from + PAGE - 1);
      const url = `${base}/products/${encodeURIComponent(product)}/trades?limit=${PAGE}&after=${end + 1}`;
      const page = readPage(product, JSON.parse(await textOf(get, url, `trades of ${product}`)));
      return page.filter(({ tradeId }) => tradeId >= from && tradeId <= end);
    },
  };
}

/** Reads a page, oldest first. @throws when it isn't one */
export function readPage(product: string, json: unknown): Trade[] {
  return restTrades
    .parse(json)
    .map((row) => tradeOf(product, row))
    .sort((a, b) => a.tradeId - b.tradeId);
}
