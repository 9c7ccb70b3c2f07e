import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { expect } from "chai";

import { parseEnv } from "../../../services/shared/config.ts";
import { env as api } from "../../../services/api/env.ts";
import { env as ingestion } from "../../../services/data-ingestion/env.ts";
import { env as websocket } from "../../../services/websocket/env.ts";

const fit = {
  api: {
    NODE_ENV: "production",
    PORT: "3001",
    DATABASE_URL: "postgres://u:p@db/x",
    REDIS_URL: "rediss://cache:6379",
    AUTH_URL: "http://auth:3003",
  },
  websocket: {
    NODE_ENV: "production",
    PORT: "3002",
    KAFKA_BROKERS: "a:9092, b:9092",
    KAFKA_SECURITY: "tls",
    PRICES_TOPIC: "prices",
    PRICES_GROUP_PREFIX: "websocket",
    SENTIMENT_TOPIC: "sentiment",
    SENTIMENT_GROUP_PREFIX: "websocket",
    ALERTS_TOPIC: "alerts",
    ALERTS_GROUP_PREFIX: "websocket",
    AUTH_URL: "http://auth:3003",
  },
  ingestion: {
    NODE_ENV: "production",
    PORT: "3003",
    DATABASE_URL: "postgresql://db/x",
    KAFKA_BROKERS: "a:9092",
    KAFKA_SECURITY: "plaintext",
    PRICES_TOPIC: "prices",
    PRICES_GROUP: "writer",
    DEAD_LETTER_TOPIC: "prices.dead",
    FEED_URL: "wss://feed.example",
    FEED_REST_URL: "https://rest.example",
    FEED_PRODUCTS: "BTC-USD,ETH-USD",
    POSTS_TOPIC: "posts.raw",
    POSTS_RSS_URLS: "https://a.example/feed, http://b.example/feed?x=1%2C2",
  },
};

describe("services/shared/config", () => {
  it("takes what the services are given, with defaults", () => {
    const result = parseEnv(websocket, fit.websocket);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    expect(result.env.KAFKA_BROKERS).to.deep.equal(["a:9092", "b:9092"]);
    expect(result.env).to.include({ PORT: 3002, LOG_LEVEL: "info", KEEP_ALIVE_SECONDS: 75, HOST: "0.0.0.0" });
    expect(parseEnv(api, fit.api).ok).to.equal(true);
    const fed = parseEnv(ingestion, fit.ingestion);
    expect(fed.ok && fed.env.LEASE_SECONDS).to.equal(10);
    expect(fed.ok && fed.env.POSTS_RSS_URLS).to.deep.equal(["https://a.example/feed", "http://b.example/feed?x=1%2C2"]);
    for (const wrong of ["https://a.example,", "ftp://a.example", "https://a.example,b"]) {
      const result = parseEnv(ingestion, { ...fit.ingestion, POSTS_RSS_URLS: wrong });
      expect(result.ok, wrong).to.equal(false);
    }
  });

  it("names every unfit variable at once and never a value", () => {
    const result = parseEnv(ingestion, {
      ...fit.ingestion,
      PORT: "70000",
      DATABASE_URL: "hunter2",
      KAFKA_SECURITY: "hunter2",
      FEED_PRODUCTS: "BTC-USD,hunter2",
      FEED_URL: "",
    });
    expect(result.ok).to.equal(false);
    const problems = result.ok ? [] : result.problems;
    expect([...new Set(problems.map(({ variable }) => variable.split(".")[0]))]).to.have.members([
      "PORT",
      "DATABASE_URL",
      "KAFKA_SECURITY",
      "FEED_PRODUCTS",
      "FEED_URL",
    ]);
    expect(JSON.stringify(problems)).not.to.include("hunter2");
    expect(problems.find(({ variable }) => variable === "FEED_URL")?.problem).to.match(/^is missing/);
  });

  for (const service of ["api", "websocket", "data-ingestion", "data-ingestion/replay", "migrations"]) {
    it(`${service}: a bad environment is one JSON line and exit 2`, () => {
      const main = fileURLToPath(new URL(`../../../services/${service}/main.ts`, import.meta.url));
      const { status, stdout, stderr } = spawnSync(process.execPath, [main], {
        env: { DATABASE_URL: "s3cret", NODE_ENV: "production" },
        encoding: "utf8",
      });
      expect(status).to.equal(2);
      expect(stderr).to.equal("");
      const lines = stdout.trim().split("\n");
      expect(lines).to.have.length(1);
      expect(JSON.parse(lines[0] ?? "")).to.include({ level: "fatal" });
      expect(stdout).not.to.include("s3cret");
    });
  }
});
