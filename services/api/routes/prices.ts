import { z } from "zod";

import { Problem } from "../../shared/problem.ts";
import type { Cache } from "../cache.ts";
import { byProduct, decimalText, product, time } from "../http/fields.ts";
import { wholeNumber } from "../http/pages.ts";
import { type Route, route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import type { Price } from "../stores/prices.ts";
import type { Stores } from "../stores/index.ts";
import { cached } from "./cached.ts";

/** Milliseconds. Pages behind a cursor hold trades that no longer change. */
const TTL = { latest: 1_000, newestPage: 1_000, olderPage: 30_000 } as const;
const MOST = 500;
const FRESH = "public, max-age=1";

const price = named(
  "Price",
  z.object({
    product,
    tradeId: z.int().describe("Contiguous for each product."),
    price: decimalText,
    size: decimalText,
    side: z.enum(["buy", "sell"]).describe("Of the maker order."),
    time,
  }),
);
const latest = named("LatestPrices", z.object({ prices: z.array(price) }));
const trades = named(
  "Trades",
  z.object({
    product,
    prices: z.array(price),
    nextCursor: z.string().nullable().describe("Cursor of the page of older trades; null on the last one."),
  }),
);

const atExchanges = named(
  "ExchangePrices",
  z.object({
    product,
    items: z.array(
      price.omit({ product: true }).extend({
        exchange: z.string().describe("Who matched the trade."),
        reference: z.boolean().describe("Whether candles, alerts and the stream follow this exchange."),
      }),
    ),
  }),
);

const page = z.strictObject({
  limit: wholeNumber(`must be a whole number, 1 to ${MOST}`, 1, MOST)
    .default(100)
    .describe(`Most trades of the page, 1 to ${MOST}; 100 when it is left out.`),
  /** Trade id: only older trades are shown. */
  cursor: wholeNumber("must be the nextCursor of a page", 0, Number.MAX_SAFE_INTEGER)
    .optional()
    .describe("The `nextCursor` of the page before."),
});

export function priceRoutes({ prices }: Pick<Stores, "prices">, cache: Cache): readonly Route[] {
  return [
    route({
      id: "listLatestPrices",
      method: "get",
      path: "/prices",
      tag: "Market",
      access: "public",
      summary: "The latest trade of every product",
      answers: { 200: { description: "One trade a product.", schema: latest } },
      cacheControl: FRESH,
      handle: () => cached(cache, "prices", TTL.latest, async () => ({ prices: await prices.latestPrices() })),
    }),
    route({
      id: "getLatestPrice",
      method: "get",
      path: "/prices/{product}/latest",
      tag: "Market",
      access: "public",
      summary: "The latest trade of a product",
      params: byProduct,
      answers: { 200: { description: "The trade.", schema: price } },
      refusals: ["not-found"],
      cacheControl: FRESH,
      handle: ({ params: { product } }) =>
        cached(cache, `prices:${product}:latest`, TTL.latest, async () => {
          const [last] = await prices.prices(product, 1, undefined);
          if (!last) throw unknownProduct(product);
          return last;
        }),
    }),
    route({
      id: "listExchangePrices",
      method: "get",
      path: "/prices/{product}/exchanges",
      tag: "Market",
      access: "public",
      summary: "The latest trade of a product at each exchange",
      description: "A product is known by one exchange, which comes first; the others are there to compare with.",
      params: byProduct,
      answers: { 200: { description: "One trade an exchange.", schema: atExchanges } },
      refusals: ["not-found"],
      cacheControl: FRESH,
      handle: ({ params: { product } }) =>
        cached(cache, `prices:${product}:exchanges`, TTL.latest, async () => {
          const items = await prices.exchanges(product);
          if (items.length === 0) throw unknownProduct(product);
          return { product, items };
        }),
    }),
    route({
      id: "listTrades",
      method: "get",
      path: "/prices/{product}",
      tag: "Market",
      access: "public",
      summary: "Trades of a product, newest first",
      params: byProduct,
      query: page,
      answers: { 200: { description: "A page of trades.", schema: trades } },
      refusals: ["not-found"],
      cacheControl: FRESH,
      handle: ({ params: { product }, query: { limit, cursor } }) => {
        const key = `prices:${product}:${limit}:${cursor ?? ""}`;
        const ttl = cursor === undefined ? TTL.newestPage : TTL.olderPage;
        return cached(cache, key, ttl, async () => {
          const found = await prices.prices(product, limit, cursor);
          if (found.length === 0 && cursor === undefined) throw unknownProduct(product);
          return { product, prices: found, nextCursor: nextCursor(found, limit) };
        });
      },
    }),
  ];
}

export const unknownProduct = (product: string): Problem =>
  new Problem("not-found", `No trades of ${product} are known.`);

/** A page that isn't full is the last one. */
function nextCursor(prices: readonly Price[], limit: number): string | null {
  const last = prices.at(-1);
  return last && prices.length === limit ? String(last.tradeId) : null;
}
