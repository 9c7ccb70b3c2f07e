import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { probesOnly } from "../shared/probes.ts";
import { startSentiment } from "./app.ts";
import { env } from "./env.ts";
import { queuesOf } from "./queues.ts";
import { withFallback } from "./fallback.ts";
import { createInference } from "./inference.ts";
import { lexicon } from "./lexicon.ts";

const settings = readEnv("sentiment", env);
const log = createLogger({ service: "sentiment", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const pool = createPool({ connectionString: settings.DATABASE_URL, log, name: "sentiment", statementTimeout: 5_000 });
const queues = await queuesOf(settings);
const sentiment = startSentiment({
  kafka: createKafka({
    brokers: settings.KAFKA_BROKERS,
    security: settings.KAFKA_SECURITY,
    region: settings.AWS_REGION,
    clientId: "sentiment",
    log,
  }),
  pool,
  model:
    settings.INFERENCE_URL === undefined
      ? lexicon
      : withFallback({ first: createInference({ url: settings.INFERENCE_URL }), second: lexicon, log }),
  log,
  topics: {
    cleanPosts: settings.CLEAN_POSTS_TOPIC,
    sentiment: settings.SENTIMENT_TOPIC,
    deadLetters: settings.DEAD_LETTER_TOPIC,
  },
  group: settings.CLEAN_POSTS_GROUP,
  ...(queues ? { queues } : {}),
});
const handler = probesOnly({ lifecycle, log, checks: sentiment.checks });
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("consumer", () => sentiment.stop());
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("postgres", () => pool.end());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
