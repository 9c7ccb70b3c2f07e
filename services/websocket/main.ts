import { readEnv } from "../shared/config.ts";
import { createHttpServer } from "../shared/http.ts";
import { replicaName } from "../shared/identity.ts";
import { createKafka } from "../shared/kafka.ts";
import { createLifecycle, LINGER_MS, runUntilSignalled } from "../shared/lifecycle.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { pause } from "../shared/retry.ts";
import { JWKS_PATH } from "../shared/token-form.ts";
import { createVerifier } from "../shared/tokens.ts";
import { createWebsocketApp } from "./app.ts";
import type { Channel } from "./channel.ts";
import { createStreams } from "./channels.ts";
import { env } from "./env.ts";
import { startFeed } from "./feed.ts";
import { feedChecks } from "./readiness.ts";

const settings = readEnv("websocket", env);
const log = createLogger({ service: "websocket", level: settings.LOG_LEVEL });
routeWarnings(log);

const lifecycle = createLifecycle({ log });
const streams = createStreams(log);
const kafka = createKafka({
  brokers: settings.KAFKA_BROKERS,
  security: settings.KAFKA_SECURITY,
  region: settings.AWS_REGION,
  clientId: "websocket",
  log,
});
const replica = replicaName();
// A name of its own for each: members of one group must all read the same topics.
const feedOf = (channel: Channel, topic: string, prefix: string) =>
  startFeed({ kafka, topic, groupId: `${prefix}-${channel}-${replica}`, stream: streams[channel], log });
const feeds = {
  prices: feedOf("prices", settings.PRICES_TOPIC, settings.PRICES_GROUP_PREFIX),
  sentiment: feedOf("sentiment", settings.SENTIMENT_TOPIC, settings.SENTIMENT_GROUP_PREFIX),
  alerts: feedOf("alerts", settings.ALERTS_TOPIC, settings.ALERTS_GROUP_PREFIX),
};

const app = createWebsocketApp({
  streams,
  verifier: createVerifier({ jwksUrl: new URL(JWKS_PATH, settings.AUTH_URL).href, log }),
  lifecycle,
  log,
  checks: feedChecks(streams, feeds),
});
const { handler } = app;
const http = createHttpServer({ handler, lifecycle, log, keepAliveSeconds: settings.KEEP_ALIVE_SECONDS });
app.attach(http.server);

lifecycle.onDrain("clients", () => app.close());
lifecycle.onDrain("linger", () => pause(LINGER_MS));
lifecycle.onDrain("http", () => http.close());
lifecycle.onDrain("kafka", async () => {
  await Promise.all(Object.values(feeds).map((feed) => feed.stop()));
});
runUntilSignalled(lifecycle, log);

await http.listen(settings.PORT, settings.HOST);
