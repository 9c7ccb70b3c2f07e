import { readEnv } from "../shared/config.ts";
import { keepTidy } from "../shared/housekeeping.ts";
import { createHttpServer } from "../shared/http.ts";
import { replicaName } from "../shared/identity.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLeaseStore } from "../shared/lease-postgres.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { probesOnly } from "../shared/probes.ts";
import { startIngestion } from "./app.ts";
import { env, krakenOf } from "./env.ts";
import { feedsOf } from "./feeds.ts";
import { CHORES } from "./housekeeping.ts";
import { startPosts } from "./posts/app.ts";
import { sourcesOf } from "./posts/sources.ts";
import { createPostStore } from "./posts/store.ts";
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
const kafka = createKafka({
  brokers: settings.KAFKA_BROKERS,
  security: settings.KAFKA_SECURITY,
  region: settings.AWS_REGION,
  clientId: "data-ingestion",
  log,
});
const ownership = {
  leases: createLeaseStore(pool),
  holder: replicaName(),
  leaseSeconds: settings.LEASE_SECONDS,
};
const ingestion = startIngestion({
  ...ownership,
  kafka,
  store: createStore(pool),
  log,
  feeds: feedsOf({
    coinbase: { url: settings.FEED_URL, restUrl: settings.FEED_REST_URL, products: settings.FEED_PRODUCTS },
    kraken: krakenOf(settings),
  }),
  topics: { prices: settings.PRICES_TOPIC, deadLetters: settings.DEAD_LETTER_TOPIC },
  group: settings.PRICES_GROUP,
});
const postStore = createPostStore(pool);
const posts = startPosts({
  ...ownership,
  kafka,
  store: postStore,
  log,
  topic: settings.POSTS_TOPIC,
  sources: sourcesOf({
    jetstreamUrl: settings.POSTS_JETSTREAM_URL,
    rssUrls: settings.POSTS_RSS_URLS ?? [],
    redditUrls: settings.POSTS_REDDIT_URLS ?? [],
    pollEvery: settings.POSTS_POLL_SECONDS * 1000,
  }),
});
const tidying = keepTidy(pool, CHORES, log, lifecycle.draining);
const handler = probesOnly({
  lifecycle,
  log,
  checks: [...ingestion.checks, { name: "posts", required: true, run: () => postStore.check() }],
  alive: () => ingestion.alive() && posts.alive(),
});
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("sources", () => ingestion.stopSources());
lifecycle.onDrain("posts", () => posts.stop());
lifecycle.onDrain("writer", () => ingestion.stopWriter());
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("housekeeping", () => tidying);
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
