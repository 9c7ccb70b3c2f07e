import express, { type Express } from "express";

import { believeOurProxies } from "../shared/client-address.ts";
import type { Lifecycle } from "../shared/lifecycle.ts";
import { errorCode, type Logger } from "../shared/logging.ts";
import { isAway } from "../shared/postgres.ts";
import { createProbes } from "../shared/probes.ts";
import { notFound, problemHandler } from "../shared/problem-express.ts";
import { type Problem, unavailable } from "../shared/problem.ts";
import { createRateLimiter } from "../shared/rate-limit.ts";
import type { Counters, KeyValue } from "../shared/redis.ts";
import type { Verifier } from "../shared/tokens.ts";
import { createCache } from "./cache.ts";
import { unauthenticated } from "./http/identify.ts";
import type { Limits, NetworkHash } from "./http/limits.ts";
import { serve } from "./http/serve.ts";
import { documentRoutes } from "./routes/documents.ts";
import { apiRoutes } from "./routes/index.ts";
import type { Stores } from "./stores/index.ts";

export interface ApiOptions {
  readonly stores: Stores;
  readonly redis: KeyValue & Counters;
  readonly verifier: Verifier;
  readonly limits: Limits;
  readonly networkHash: NetworkHash;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/**
 * The API as a request handler. It is ready while Postgres answers. Redis holds a cache and the counts of limits, so it
 * is just reported; whoever issues tokens is asked for its keys when the first token comes.
 */
export function createApi({ stores, redis, lifecycle, log, now = Date.now, ...access }: ApiOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  believeOurProxies(app);

  const probes = createProbes({
    lifecycle,
    log,
    checks: [
      { name: "postgres", required: true, run: () => stores.check() },
      { name: "redis", required: false, run: () => redis.ping() },
    ],
  });
  app.use((request, response, next) => {
    if (!probes(request, response)) next();
  });
  app.use((_request, response, next) => {
    response.set("x-content-type-options", "nosniff");
    next();
  });
  const parts = { ...access, limiter: createRateLimiter(redis, log) };
  const routes = apiRoutes(stores, createCache(redis, log), now);
  app.use("/api/v1", serve(routes, parts));
  app.use("/api", serve(documentRoutes(routes, "/api"), parts));
  app.use(notFound);
  app.use(problemHandler(log, refusalOf));
  return app;
}

/** @source PostgreSQL, "Error Codes": foreign_key_violation */
const FOREIGN_KEY_VIOLATION = "23503";

/** What the stores throw that is nobody's mistake. All that they refer to by keys of others' tables is the user. */
function refusalOf(error: unknown): Problem | undefined {
  if (errorCode(error) === FOREIGN_KEY_VIOLATION) return unauthenticated("invalid");
  return isAway(error) ? unavailable("The database can't be reached; try again soon.") : undefined;
}
