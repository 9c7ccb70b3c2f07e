import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { replicaName } from "../shared/identity.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLeaseStore } from "../shared/lease-postgres.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { probesOnly } from "../shared/probes.ts";
import { startIngestion } from "./app.ts";
import { createBackfill } from "./backfill.ts";
import { env } from "./env.ts";
import { createStore } from "./store.ts";

const settings = readEnv("data-ingestion", env);
const log = createLogger({ service: "data-ingestion", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const pool = createPool({
  connectionString: settings.DATABASE_URL,
  log,
  name: "data-ingestion",
  statementTimeout: 5_000,
});
const ingestion = startIngestion({
  kafka: createKafka({
    brokers: settings.KAFKA_BROKERS,
    security: settings.KAFKA_SECURITY,
    region: settings.AWS_REGION,
    clientId: "data-ingestion",
    log,
  }),
  store: createStore(pool),
  leases: createLeaseStore(pool),
  backfill: createBackfill(settings.FEED_REST_URL),
  log,
  holder: replicaName(),
  leaseSeconds: settings.LEASE_SECONDS,
  feedUrl: settings.FEED_URL,
  products: settings.FEED_PRODUCTS,
  topics: { prices: settings.PRICES_TOPIC, deadLetters: settings.DEAD_LETTER_TOPIC },
  group: settings.PRICES_GROUP,
});
const handler = probesOnly({ lifecycle, log, checks: ingestion.checks, alive: () => ingestion.alive() });
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("source", () => ingestion.stopSource());
lifecycle.onDrain("writer", () => ingestion.stopWriter());
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
