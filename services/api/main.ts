import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { createLifecycle, LINGER_MS, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { connectRedis } from "../shared/redis.ts";
import { pause } from "../shared/retry.ts";
import { JWKS_PATH } from "../shared/token-form.ts";
import { createVerifier } from "../shared/tokens.ts";
import { createApi } from "./app.ts";
import { env } from "./env.ts";
import { createNetworkHash, LIMITS } from "./http/limits.ts";
import { createStores } from "./stores/index.ts";

const settings = readEnv("api", env);
const log = createLogger({ service: "api", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const pool = createPool({ connectionString: settings.DATABASE_URL, log, name: "api" });
const redis = connectRedis({ url: settings.REDIS_URL, log });
const handler = createApi({
  stores: createStores(pool),
  redis,
  verifier: createVerifier({ jwksUrl: new URL(JWKS_PATH, settings.AUTH_URL).href, log }),
  limits: LIMITS,
  // What both sides have in common and a reader of Redis has not.
  networkHash: createNetworkHash(settings.DATABASE_URL),
  lifecycle,
  log,
});
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("linger", () => pause(LINGER_MS));
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("redis", () => redis.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
