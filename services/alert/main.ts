import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { probesOnly } from "../shared/probes.ts";
import { startAlerting } from "./app.ts";
import { env } from "./env.ts";

const settings = readEnv("alert", env);
const log = createLogger({ service: "alert", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const pool = createPool({ connectionString: settings.DATABASE_URL, log, name: "alert", statementTimeout: 5_000 });
const alerting = startAlerting({
  kafka: createKafka({
    brokers: settings.KAFKA_BROKERS,
    security: settings.KAFKA_SECURITY,
    region: settings.AWS_REGION,
    clientId: "alert",
    log,
  }),
  pool,
  log,
  topics: {
    prices: settings.PRICES_TOPIC,
    sentiment: settings.SENTIMENT_TOPIC,
    alerts: settings.ALERTS_TOPIC,
    deadLetters: settings.DEAD_LETTER_TOPIC,
  },
  groups: { prices: settings.PRICES_GROUP, sentiment: settings.SENTIMENT_GROUP },
});
const handler = probesOnly({ lifecycle, log, checks: alerting.checks, alive: () => alerting.alive() });
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("consumers", () => alerting.stopConsumers());
lifecycle.onDrain("outbox", () => alerting.stopOutbox());
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
