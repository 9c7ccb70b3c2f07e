import { z } from "zod";

import { byId, id, product, time } from "../http/fields.ts";
import { pageOf } from "../http/pages.ts";
import { json, memberRoute, NOT_KEPT, nothing, type Route, route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import type { Stores } from "../stores/index.ts";
import { positionCursor } from "../stores/kept.ts";
import { MOST_WATCHLISTS } from "../stores/watchlists.ts";
import { created, existing, KEYED, PERSONAL, removed } from "./kept.ts";

const body = named(
  "NewWatchlist",
  z.strictObject({
    name: z
      .string("must be text")
      .trim()
      .min(1, "must not be empty")
      .max(100, "must be at most 100 characters")
      // Postgres stores no NUL, and half a surrogate pair would come back as another character.
      .refine((name) => name.isWellFormed() && !/\p{Cc}/u.test(name), { error: "must not hold control characters" }),
    products: z
      .array(product, "must be a list")
      .min(1, "must name at least one product")
      .max(50, "must name at most 50 products")
      .refine((products) => new Set(products).size === products.length, { error: "must not name a product twice" }),
  }),
);
const watchlist = named("Watchlist", z.object({ id, name: z.string(), products: z.array(product), createdAt: time }));
const page = pageOf("Watchlists", watchlist);
const cursor = positionCursor("watchlists");

const common = { tag: "Watchlists", cacheControl: PERSONAL } as const;
const anyones = { ...common, access: "optional" } as const;
const one = { 200: { description: "The watchlist.", schema: watchlist } };

/** One that a signed-in user makes is theirs alone; one that nobody makes is there for whoever knows its id. */
export function watchlistRoutes({ watchlists }: Pick<Stores, "watchlists">): readonly Route[] {
  return [
    route({
      ...anyones,
      id: "createWatchlist",
      method: "post",
      path: "/watchlists",
      summary: "Make a watchlist",
      description: `Signed in, it is yours alone, at most ${MOST_WATCHLISTS}. ${KEYED}`,
      body,
      keyed: true,
      answers: { 201: { description: "Made, or made before.", schema: watchlist } },
      refusals: ["idempotency-key-reused", "too-many-kept"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, key, body }) => created("/watchlists", await watchlists.create(user, key, body)),
    }),
    memberRoute({
      ...common,
      id: "listWatchlists",
      method: "get",
      path: "/watchlists",
      summary: "Your watchlists, oldest first",
      query: cursor.query,
      answers: { 200: { description: "A page of them.", schema: page } },
      handle: async ({ user, query: { limit, cursor: after } }) =>
        json(cursor.page(await watchlists.list(user, after, limit), limit)),
    }),
    route({
      ...anyones,
      id: "getWatchlist",
      method: "get",
      path: "/watchlists/{id}",
      summary: "A watchlist",
      params: byId,
      answers: one,
      refusals: ["not-found"],
      handle: async ({ user, params }) => json(existing(await watchlists.find(user, params.id), "watchlist")),
    }),
    route({
      ...anyones,
      id: "replaceWatchlist",
      method: "put",
      path: "/watchlists/{id}",
      summary: "Change a watchlist",
      params: byId,
      body,
      answers: one,
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params, body }) =>
        json(existing(await watchlists.replace(user, params.id, body), "watchlist")),
    }),
    route({
      ...anyones,
      id: "deleteWatchlist",
      method: "delete",
      path: "/watchlists/{id}",
      summary: "Delete a watchlist",
      params: byId,
      answers: { 204: { description: "Deleted." } },
      refusals: ["not-found"],
      cacheControl: NOT_KEPT,
      handle: async ({ user, params }) => {
        removed(await watchlists.remove(user, params.id), "watchlist");
        return nothing;
      },
    }),
  ];
}
