import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { replicaName } from "../shared/identity.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, LINGER_MS, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { pause } from "../shared/retry.ts";
import { createWebsocketApp } from "./app.ts";
import { env } from "./env.ts";
import { startFeed } from "./feed.ts";
import { PriceStream } from "./stream.ts";

/** A replica that has not read the topic for this long takes no new clients. */
const KAFKA_PATIENCE_MS = 10_000;

const settings = readEnv("websocket", env);
const log = createLogger({ service: "websocket", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const stream = new PriceStream({ log });
const kafka = createKafka({
  brokers: settings.KAFKA_BROKERS,
  security: settings.KAFKA_SECURITY,
  region: settings.AWS_REGION,
  clientId: "websocket",
  log,
});
const groupId = `${settings.PRICES_GROUP_PREFIX}-${replicaName()}`;
const feed = startFeed({ kafka, topic: settings.PRICES_TOPIC, groupId, stream, log });

const app = createWebsocketApp({
  stream,
  lifecycle,
  log,
  checks: [
    {
      name: "caught-up",
      required: true,
      run: () => {
        if (!stream.caughtUp()) throw new Error("the topic has not been read to its end yet");
      },
    },
    {
      name: "kafka",
      required: true,
      run: () => {
        if (feed.awayFor() > KAFKA_PATIENCE_MS) throw new Error("the topic has not been read for a while");
      },
    },
  ],
});
const { handler } = app;
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });
app.attach(http.server);

lifecycle.onDrain("clients", () => app.close());
lifecycle.onDrain("linger", () => pause(LINGER_MS));
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("kafka", () => feed.stop());
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
