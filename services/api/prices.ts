import { Router } from "express";
import { z } from "zod";

import { PRODUCT } from "../shared/config.ts";
import { onlyMethods, parsed } from "../shared/problem-express.ts";
import { Problem } from "../shared/problem.ts";
import type { Cache } from "./cache.ts";
import type { Price, Store } from "./store.ts";

/** Milliseconds. Pages behind a cursor hold trades that no longer change. */
const TTL = { latest: 1_000, newestPage: 1_000, olderPage: 30_000 } as const;

const wholeNumber = (allowed: string, min: number, max: number) =>
  z
    .string(allowed)
    .regex(/^\d{1,16}$/, allowed)
    .transform(Number)
    .pipe(z.number().min(min, allowed).max(max, allowed));

const page = z.object({
  limit: wholeNumber("must be a whole number, 1 to 500", 1, 500).default(100),
  /** Trade id: only older trades are shown. Taken from the page before. */
  cursor: wholeNumber("must be the nextCursor of a page", 0, Number.MAX_SAFE_INTEGER).optional(),
});

const path = z.object({ product: z.string().regex(PRODUCT, "must be a product like BTC-USD") });

/** `GET /prices`: the latest trade of every product. `GET /prices/:product?limit&cursor`: one product, newest first. */
export function pricesRoutes(store: Store, cache: Cache): Router {
  const router = Router();

  router.get("/prices", async (_request, response) => {
    const { text, state } = await cache.json("prices", TTL.latest, async () => ({
      prices: await store.latestPrices(),
    }));
    response.set("x-cache", state).type("json").send(text);
  });

  router.get("/prices/:product", async (request, response) => {
    const { product } = parsed(path, request.params, "invalid-parameters");
    const { limit, cursor } = parsed(page, request.query, "invalid-parameters");
    const key = `prices:${product}:${String(limit)}:${String(cursor ?? "")}`;
    const ttl = cursor === undefined ? TTL.newestPage : TTL.olderPage;
    const { text, state } = await cache.json(key, ttl, async () => {
      const prices = await store.prices(product, limit, cursor);
      if (prices.length === 0 && cursor === undefined)
        throw new Problem("not-found", `No trades of ${product} are known.`);
      return { product, prices, nextCursor: nextCursor(prices, limit) };
    });
    response.set("x-cache", state).type("json").send(text);
  });

  router.all(["/prices", "/prices/:product"], onlyMethods("GET", "HEAD"));
  return router;
}

/** A page that isn't full is the last one. */
function nextCursor(prices: readonly Price[], limit: number): string | null {
  const last = prices.at(-1);
  return last && prices.length === limit ? String(last.tradeId) : null;
}
