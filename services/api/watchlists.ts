import express, { Router } from "express";
import { z } from "zod";

import { PRODUCT } from "../shared/config.ts";
import { onlyJson, onlyMethods, parsed } from "../shared/problem-express.ts";
import { Problem } from "../shared/problem.ts";
import type { Store } from "./store.ts";

const BODY_LIMIT = "16kb";

const body = z.strictObject({
  name: z
    .string("must be text")
    .trim()
    .min(1, "must not be empty")
    .max(100, "must be at most 100 characters")
    // Postgres stores no NUL, and half a surrogate pair would come back as another character.
    .refine((name) => name.isWellFormed() && !/\p{Cc}/u.test(name), { error: "must not hold control characters" }),
  products: z
    .array(
      z.string("must be a product like BTC-USD").regex(PRODUCT, "must be a product like BTC-USD"),
      "must be a list",
    )
    .min(1, "must name at least one product")
    .max(50, "must name at most 50 products")
    .refine((products) => new Set(products).size === products.length, { error: "must not name a product twice" }),
});

const path = z.object({ id: z.uuid("must be a UUID") });
const key = z.uuid();

/**
 * `POST /watchlists`, `GET` and `DELETE /watchlists/:id`.
 *
 * A POST carries an `Idempotency-Key` (a UUID). Repeating it with the same body gives the same 201 and body, with
 * `Idempotency-Replayed: true`; with another body it is a 422. The key lives as long as its watchlist.
 */
export function watchlistRoutes(store: Store): Router {
  const router = Router();

  router.post("/watchlists", onlyJson, express.json({ limit: BODY_LIMIT }), async (request, response) => {
    const idempotencyKey = idempotencyKeyOf(request.get("idempotency-key"));
    const wanted = parsed(body, request.body, "invalid-body");
    const creation = await store.createWatchlist(idempotencyKey, wanted);
    if (creation.outcome === "conflict") {
      throw new Problem("idempotency-key-reused", "This Idempotency-Key was used with another body. Send a new key.");
    }
    if (creation.outcome === "repeated") response.set("idempotency-replayed", "true");
    response.status(201).location(`/api/v1/watchlists/${creation.watchlist.id}`).json(creation.watchlist);
  });

  router.get("/watchlists/:id", async (request, response) => {
    const { id } = parsed(path, request.params, "invalid-parameters");
    const watchlist = await store.watchlist(id);
    if (!watchlist) throw new Problem("not-found", "No such watchlist.");
    response.json(watchlist);
  });

  router.delete("/watchlists/:id", async (request, response) => {
    const { id } = parsed(path, request.params, "invalid-parameters");
    if (!(await store.deleteWatchlist(id))) throw new Problem("not-found", "No such watchlist.");
    response.status(204).end();
  });

  router.all("/watchlists", onlyMethods("POST"));
  router.all("/watchlists/:id", onlyMethods("GET", "HEAD", "DELETE"));
  return router;
}

function idempotencyKeyOf(header: string | undefined): string {
  const result = key.safeParse(header);
  if (result.success) return result.data.toLowerCase();
  throw new Problem(
    "idempotency-key-required",
    header === undefined ? "Send an Idempotency-Key header with a UUID." : "The Idempotency-Key header must be a UUID.",
  );
}
