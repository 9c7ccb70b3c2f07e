import { z } from "zod";

import type { Cache } from "../cache.ts";
import { byProduct, decimalText, product, time } from "../http/fields.ts";
import { type Route, route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import { freshness, interval, MOST_INTERVALS, rangeKey, rangeOf, rangeQuery } from "../intervals.ts";
import type { Stores } from "../stores/index.ts";
import { cached } from "./cached.ts";
import { unknownProduct } from "./prices.ts";

const candle = named(
  "Candle",
  z.object({
    time: time.describe("When the interval begins."),
    open: decimalText.describe("Price of the first trade, by trade id."),
    high: decimalText,
    low: decimalText,
    close: decimalText.describe("Price of the last trade, by trade id."),
    volume: decimalText.describe("Sum of the trades' sizes, exactly."),
    trades: z.int(),
  }),
);
const candles = named(
  "Candles",
  z.object({
    ...{ product, interval },
    from: time.describe("Beginning of the first interval that was asked for."),
    to: time.describe("End of the last one."),
    items: z.array(candle).describe("Rising; an interval without a trade is left out."),
  }),
);

export function candleRoutes({ prices }: Pick<Stores, "prices">, cache: Cache, now: () => number): readonly Route[] {
  return [
    route({
      id: "listCandles",
      method: "get",
      path: "/candles/{product}",
      tag: "Market",
      access: "public",
      summary: "Open, high, low, close and volume by interval",
      description: `Whole intervals, which begin at multiples of their length in UTC; at most ${MOST_INTERVALS}.`,
      params: byProduct,
      query: rangeQuery,
      answers: { 200: { description: "The candles.", schema: candles } },
      refusals: ["not-found", "range-too-long"],
      cacheControl: "public, max-age=1",
      handle: ({ params: { product }, query }) => {
        const at = now();
        const range = rangeOf(query, at);
        const { ttlMilliseconds, header } = freshness(range, at);
        const load = async () => {
          const items = await prices.candles(product, range);
          if (items.length === 0 && !(await prices.isTraded(product))) throw unknownProduct(product);
          const { interval, from, to } = range;
          return { product, interval, from: from.toISOString(), to: to.toISOString(), items };
        };
        return cached(cache, `candles:${product}:${rangeKey(range)}`, ttlMilliseconds, load, {
          "cache-control": header,
        });
      },
    }),
  ];
}
