import { readEnv } from "../shared/config.ts";
import { keepTidy } from "../shared/housekeeping.ts";
import { createHttpServer } from "../shared/http.ts";
import { replicaName } from "../shared/identity.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { probesOnly } from "../shared/probes.ts";
import { startNotification } from "./app.ts";
import { addressOf, createEmail } from "./email.ts";
import { env } from "./env.ts";
import { CHORES } from "./housekeeping.ts";
import { createOutbound } from "./outbound.ts";
import { createPush, vapidKeys } from "./push.ts";
import { createStore } from "./store.ts";
import { createWebhook } from "./webhook.ts";

/** Above the longest attempt: one that has begun is not cut off. */
const DRAIN_STEP_MS = 30_000;

const settings = readEnv("notification", env);
const log = createLogger({ service: "notification", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log, stepTimeout: DRAIN_STEP_MS });
const pool = createPool({ connectionString: settings.DATABASE_URL, log, name: "notification", max: 20 });
const strict = settings.NODE_ENV === "production";
const publicUrl = settings.PUBLIC_URL;
const from = settings.MAIL_FROM ?? `CryptoTracker <alerts@${publicUrl ? new URL(publicUrl).hostname : "localhost"}>`;
const email = createEmail({ smtpUrl: settings.SMTP_SECRET, from, publicUrl, requireTls: strict });
const post = createOutbound({ strict });
const contact = publicUrl?.startsWith("https:") ? publicUrl : `mailto:${addressOf(from)}`;
const push = settings.VAPID_SECRET ? createPush(post, vapidKeys(settings.VAPID_SECRET), contact) : undefined;
if (!push) log.info("web push is off: VAPID_SECRET is not set");

const notification = startNotification({
  kafka: createKafka({
    brokers: settings.KAFKA_BROKERS,
    security: settings.KAFKA_SECURITY,
    region: settings.AWS_REGION,
    clientId: "notification",
    log,
  }),
  store: createStore(pool),
  channels: { email, webhook: createWebhook(post), push },
  log,
  holder: replicaName(),
  topics: { alerts: settings.ALERTS_TOPIC, deadLetters: settings.DEAD_LETTER_TOPIC },
  group: settings.ALERTS_GROUP,
});
const tidying = keepTidy(pool, CHORES, log, lifecycle.draining);
const handler = probesOnly({ lifecycle, log, checks: notification.checks, alive: () => notification.alive() });
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("consumer", () => notification.stopConsumer());
lifecycle.onDrain("courier", () => notification.stopCourier());
lifecycle.onDrain("mail", () => email.close());
lifecycle.onDrain("housekeeping", () => tidying);
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
