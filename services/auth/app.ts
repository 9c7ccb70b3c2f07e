import express, { type Express } from "express";

import { believeOurProxies } from "../shared/client-address.ts";
import type { Lifecycle } from "../shared/lifecycle.ts";
import type { Logger } from "../shared/logging.ts";
import { isAway } from "../shared/postgres.ts";
import { createProbes } from "../shared/probes.ts";
import { notFound, problemHandler } from "../shared/problem-express.ts";
import { unavailable } from "../shared/problem.ts";
import type { KeyValue } from "../shared/redis.ts";
import { jwksRoute } from "./jwks.ts";
import { authRoutes, type AuthParts } from "./routes.ts";

export interface AuthOptions extends AuthParts {
  readonly redis: Pick<KeyValue, "ping">;
  readonly lifecycle: Lifecycle;
  readonly log: Logger;
}

/** Sign-up, sign-in and tokens as a request handler. It is ready while Postgres answers; Redis only holds limits. */
export function createAuth({ redis, lifecycle, log, ...parts }: AuthOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.set("etag", false);
  app.set("query parser", "simple");
  believeOurProxies(app);

  const probes = createProbes({
    lifecycle,
    log,
    checks: [
      { name: "postgres", required: true, run: () => parts.accounts.check() },
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
  app.use(jwksRoute(parts.keys));
  app.use("/auth/v1", authRoutes(parts));
  app.use(notFound);
  app.use(
    problemHandler(log, (error) =>
      isAway(error) ? unavailable("The database can't be reached; try again soon.") : undefined,
    ),
  );
  return app;
}
