import { readEnv } from "../shared/config.ts";
import { keepTidy } from "../shared/housekeeping.ts";
import { createHttpServer } from "../shared/http.ts";
import { createLifecycle, LINGER_MS, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { createRateLimiter } from "../shared/rate-limit.ts";
import { connectRedis } from "../shared/redis.ts";
import { pause } from "../shared/retry.ts";
import { createAccounts } from "./accounts.ts";
import { createAuth } from "./app.ts";
import { createAttempts } from "./attempts.ts";
import { createRefreshCookie } from "./cookie.ts";
import { env } from "./env.ts";
import { createGate, HASHING } from "./gate.ts";
import { CHORES } from "./housekeeping.ts";
import { deriveKeys } from "./keys.ts";
import { LIMITS } from "./limits.ts";
import { createHasher } from "./passwords.ts";
import { createSessions } from "./sessions.ts";

const settings = readEnv("auth", env);
const log = createLogger({ service: "auth", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const pool = createPool({ connectionString: settings.DATABASE_URL, log, name: "auth" });
const redis = connectRedis({ url: settings.REDIS_URL, log });
const keys = await deriveKeys(settings.JWT_SIGNING_SECRET);
const handler = createAuth({
  accounts: createAccounts(pool),
  attempts: createAttempts(pool),
  sessions: createSessions(pool, keys),
  hasher: createHasher(),
  gate: createGate(HASHING),
  limiter: createRateLimiter(redis, log),
  limits: LIMITS,
  cookie: createRefreshCookie(settings.NODE_ENV === "production"),
  keys,
  redis,
  lifecycle,
  log,
});
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });
const tidying = keepTidy(pool, CHORES, log, lifecycle.draining);

lifecycle.onDrain("linger", () => pause(LINGER_MS));
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("housekeeping", () => tidying);
lifecycle.onDrain("redis", () => redis.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
