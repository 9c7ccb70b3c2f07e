import express, { type Express } from "express";

import type { Lifecycle } from "../shared/lifecycle.ts";
import type { Logger } from "../shared/logging.ts";
import { isAway } from "../shared/postgres.ts";
import { createProbes } from "../shared/probes.ts";
import { notFound, problemHandler } from "../shared/problem-express.ts";
import { unavailable } from "../shared/problem.ts";
import type { KeyValue } from "../shared/redis.ts";
import { createCache } from "./cache.ts";
import { pricesRoutes } from "./prices.ts";
import type { Store } from "./store.ts";
import { watchlistRoutes } from "./watchlists.ts";

export interface ApiOptions {
  readonly store: Store;
  readonly redis: KeyValue;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
}

/** The API as a request handler. It is ready while Postgres answers; Redis is only a cache, so it is just reported. */
export function createApi({ store, redis, lifecycle, log }: ApiOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");

  const probes = createProbes({
    lifecycle,
    log,
    checks: [
      { name: "postgres", required: true, run: () => store.check() },
      { name: "redis", required: false, run: () => redis.ping() },
    ],
  });
  app.use((request, response, next) => {
    if (!probes(request, response)) next();
  });
  app.use((_request, response, next) => {
    response.set("cache-control", "no-store").set("x-content-type-options", "nosniff");
    next();
  });
  app.use("/api/v1", pricesRoutes(store, createCache(redis, log)), watchlistRoutes(store));
  app.use(notFound);
  app.use(
    problemHandler(log, (error) =>
      isAway(error) ? unavailable("The database can't be reached; try again soon.") : undefined,
    ),
  );
  return app;
}
