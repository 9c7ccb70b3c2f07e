import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { probesOnly } from "../shared/probes.ts";
import { startPreprocessing } from "./app.ts";
import { env } from "./env.ts";

const settings = readEnv("preprocessing", env);
const log = createLogger({ service: "preprocessing", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const preprocessing = startPreprocessing({
  kafka: createKafka({
    brokers: settings.KAFKA_BROKERS,
    security: settings.KAFKA_SECURITY,
    region: settings.AWS_REGION,
    clientId: "preprocessing",
    log,
  }),
  log,
  topics: {
    posts: settings.POSTS_TOPIC,
    cleanPosts: settings.CLEAN_POSTS_TOPIC,
    deadLetters: settings.DEAD_LETTER_TOPIC,
  },
  group: settings.POSTS_GROUP,
});
const handler = probesOnly({ lifecycle, log, checks: preprocessing.checks });
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });

lifecycle.onDrain("consumer", () => preprocessing.stop());
lifecycle.onDrain("http", () => http.close());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
