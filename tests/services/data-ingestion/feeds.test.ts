import { expect } from "chai";

import { env, krakenOf } from "../../../services/data-ingestion/env.ts";
import { feedsOf } from "../../../services/data-ingestion/feeds.ts";
import { parseEnv } from "../../../services/shared/config.ts";

const wish = (...products: string[]) => ({ url: "ws://feed", restUrl: "http://rest", products });

const told = {
  ...{
    NODE_ENV: "test",
    PORT: "0",
    DATABASE_URL: "postgres://db/x",
    KAFKA_BROKERS: "kafka:1",
    KAFKA_SECURITY: "plaintext",
  },
  ...{ PRICES_TOPIC: "prices", PRICES_GROUP: "writer", DEAD_LETTER_TOPIC: "dead", POSTS_TOPIC: "posts" },
  ...{ FEED_URL: "wss://one", FEED_REST_URL: "https://one", FEED_PRODUCTS: "BTC-USD" },
};
const second = { KRAKEN_FEED_URL: "wss://two", KRAKEN_FEED_REST_URL: "https://two", KRAKEN_FEED_PRODUCTS: "XMR-USD" };

describe("services/data-ingestion/feeds", () => {
  it("knows a product by the first exchange that carries it", () => {
    const feeds = feedsOf({ coinbase: wish("BTC-USD", "ETH-USD"), kraken: wish("XMR-USD", "BTC-USD") });
    expect(feeds.map(({ exchange, products, claims }) => [exchange.name, products, claims])).to.deep.equal([
      ["coinbase", ["BTC-USD", "ETH-USD"], ["BTC-USD", "ETH-USD"]],
      ["kraken", ["XMR-USD", "BTC-USD"], ["XMR-USD"]],
    ]);
    expect(feedsOf({ coinbase: wish("BTC-USD"), kraken: undefined }).length).to.equal(1);
  });

  it("takes the second exchange whole or not at all", () => {
    const read = (given: Record<string, string>) => parseEnv(env, { ...told, ...given });
    const [none, whole, half] = [read({}), read(second), read({ KRAKEN_FEED_URL: "wss://two" })];
    expect(none.ok && krakenOf(none.env)).to.equal(undefined);
    expect(whole.ok && krakenOf(whole.env)?.products).to.deep.equal(["XMR-USD"]);
    expect(!half.ok && half.problems.map(({ variable }) => variable)).to.deep.equal([
      "KRAKEN_FEED_REST_URL",
      "KRAKEN_FEED_PRODUCTS",
    ]);
  });
});
