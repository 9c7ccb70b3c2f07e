import { z } from "zod";

import type { Cache } from "../cache.ts";
import { COINS } from "../coins.ts";
import { product, symbol } from "../http/fields.ts";
import { type Route, route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import type { Stores } from "../stores/index.ts";
import { cached } from "./cached.ts";

const TTL_MS = 60_000;

const coin = named(
  "Coin",
  z.object({
    symbol,
    name: z.string(),
    product: product.nullable().describe("Under which its prices are found; null when it is not traded here."),
  }),
);
const coins = named("Coins", z.object({ items: z.array(coin), next: z.null().describe("There is one page only.") }));

export function coinRoutes({ prices }: Pick<Stores, "prices">, cache: Cache): readonly Route[] {
  return [
    route({
      id: "listCoins",
      method: "get",
      path: "/coins",
      tag: "Market",
      access: "public",
      summary: "The coins that are followed",
      answers: { 200: { description: "All of them.", schema: coins } },
      cacheControl: "public, max-age=60",
      handle: () =>
        cached(cache, "coins", TTL_MS, async () => {
          const traded = (await prices.latestPrices()).map(({ product }) => product);
          const items = COINS.map(({ symbol, name }) => ({ symbol, name, product: productOf(symbol, traded) }));
          return { items, next: null };
        }),
    }),
  ];
}

/** What it is sold for in dollars, else the first of what it is sold for. */
function productOf(symbol: string, traded: readonly string[]): string | null {
  const products = traded.filter((product) => product.startsWith(`${symbol}-`));
  return products.find((product) => product === `${symbol}-USD`) ?? products[0] ?? null;
}
