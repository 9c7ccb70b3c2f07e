import { expect } from "chai";

import { type Ingestion, startIngestion } from "../../../services/data-ingestion/app.ts";
import { feedsOf } from "../../../services/data-ingestion/feeds.ts";
import { createReplay, type Replay } from "../../../services/data-ingestion/replay/app.ts";
import type { Emitted } from "../../../services/data-ingestion/replay/exchange.ts";
import { createStore } from "../../../services/data-ingestion/store.ts";
import { createDropRule } from "../../../services/shared/effectively-once.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { createLeaseStore } from "../../../services/shared/lease-postgres.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { type ExchangeName, readPrice } from "../../../services/shared/topics/prices.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { range } from "./trades.ts";

const products = ["BTC-USD", "ETH-USD", "SOL-USD"];

describe("services/data-ingestion/app on Kafka and Postgres", () => {
  let database: Database;
  let kafka: Kafka;
  let replay: Replay;
  let feedPort: number;
  const topics = { prices: unique("prices"), deadLetters: unique("dead") };
  const group = unique("writer");
  const running = new Set<Ingestion>();

  before(async function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    await createTopics(
      kafka,
      { topic: topics.prices, numPartitions: 2 },
      { topic: topics.deadLetters, numPartitions: 1 },
    );
    let frames = 0;
    const drop = () => (frames += 1) % 97 === 0;
    replay = createReplay({
      seed: 1,
      products,
      rate: 1500,
      total: 4500,
      heartbeat: 200,
      drop,
      kraken: { rate: 300, total: 1200 },
    });
    feedPort = await replay.listen(0);
  });
  after(async () => {
    await Promise.all([...running].map(stop));
    await (replay as Replay | undefined)?.close();
    await (database as Database | undefined)?.drop();
  });

  const start = (holder: string): Ingestion => {
    const ingestion = startIngestion({
      kafka,
      store: createStore(database.pool),
      leases: createLeaseStore(database.pool),
      log: quiet,
      holder,
      leaseSeconds: 3,
      feeds: feedsOf({
        coinbase: { url: `ws://127.0.0.1:${feedPort}`, restUrl: `http://127.0.0.1:${feedPort}/`, products },
        kraken: {
          url: `ws://127.0.0.1:${feedPort}/v2`,
          restUrl: `http://127.0.0.1:${feedPort}/`,
          products: ["BTC-USD", "ETH-USD"],
        },
      }),
      topics,
      group,
    });
    running.add(ingestion);
    return ingestion;
  };
  const stop = async (ingestion: Ingestion): Promise<void> => {
    running.delete(ingestion);
    await ingestion.stopSources();
    await ingestion.stopWriter();
  };
  const owner = async () => {
    const { rows } = await database.pool.query<{ holder: string; fence: string }>(
      "select holder, fence from leases where name = 'feed-coinbase' and expires_at > clock_timestamp()",
    );
    return rows[0];
  };
  const stored = async (table: "prices" | "exchange_prices" = "prices") => {
    const { rows } = await database.pool.query<{ product: string; ids: string[] }>(
      `select product, array_agg(trade_id order by trade_id) ids from ${table}
       where kafka_offset is not null group by product`,
    );
    return Object.fromEntries(rows.map(({ product, ids }) => [product, ids.map(Number)]));
  };

  it("carries every trade into topic and table once, through lost messages, cuts and a handover", async function () {
    this.timeout(60_000);
    const first = start("first");
    await until(async () => (await owner())?.holder === "first" && replay.exchange.emitted()["BTC-USD"] !== undefined);
    const standby = start("standby");
    await until(async () => Object.keys(await stored()).length === 3);
    replay.cut();
    await stop(first);
    await until(async () => (await owner())?.holder === "standby");
    expect((await owner())?.fence).to.equal("2");
    replay.cut();
    await until(() => total(replay.exchange.emitted()) === 4500);
    await until(async () => Object.values(await stored()).flat().length >= 4500);
    await until(() => total(replay.kraken?.exchange.emitted()) === 1200);
    // Its heartbeat names no trade: of one that was lost as the last, the snapshot of a new subscription tells.
    replay.kraken?.cut();
    for (const check of standby.checks) await check.run();
    expect(standby.alive()).to.equal(true);

    const expected = idsIn(replay.exchange.emitted());
    expect(await stored()).to.deep.equal(expected);
    // Whoever follows what a product is known by is told of no other exchange.
    expect(await consumed("coinbase")).to.deep.equal(expected);

    const { "BTC-USD": btc = [], "ETH-USD": eth = [] } = idsIn(replay.kraken?.exchange.emitted());
    const second = { "BTC-USD": btc, "ETH-USD": eth };
    await until(
      async () => Object.values(await stored("exchange_prices")).flat().length >= Object.values(second).flat().length,
    );
    expect(await stored("exchange_prices")).to.deep.equal(second);
    expect(await consumed("kraken")).to.deep.equal(second);
  });

  it("puts aside a message that does not fit, and goes on", async function () {
    this.timeout(30_000);
    const [ingestion] = running;
    const sender = createSender(kafka, quiet);
    await sender.send(topics.prices, [{ key: "BTC-USD", value: "nonsense" }]);
    await sender.close();
    const admin = kafka.admin();
    await admin.connect();
    await until(async () => (await admin.fetchTopicOffsets(topics.deadLetters))[0]?.high === "1");
    await admin.disconnect();
    expect(ingestion?.alive()).to.equal(true);
  });

  const total = (emitted: Readonly<Record<string, Emitted>> = {}): number =>
    Object.values(emitted).reduce((n, { count }) => n + count, 0);
  const idsIn = (emitted: Readonly<Record<string, Emitted>> = {}): Record<string, number[]> =>
    Object.fromEntries(Object.entries(emitted).map(([product, { first, last }]) => [product, range(first, last)]));

  /** What a consumer that follows the drop rule makes of the topic, by product. */
  async function consumed(exchange: ExchangeName): Promise<Record<string, number[]>> {
    const isNew = createDropRule();
    const seen: Record<string, number[]> = {};
    const admin = kafka.admin();
    await admin.connect();
    const high = (await admin.fetchTopicOffsets(topics.prices)).reduce((sum, { high: h }) => sum + Number(h), 0);
    await admin.disconnect();
    let read = 0;
    const consumer = kafka.consumer({ groupId: unique("look"), maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topics.prices], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { value } }) => {
        read += 1;
        const price = readPrice(value);
        if (!price.ok) throw new Error(price.reason);
        const { product, tradeId } = price.message;
        expect(price.message.reference).to.equal(price.message.exchange === "coinbase");
        if (price.message.exchange === exchange && isNew(product, tradeId)) (seen[product] ??= []).push(tradeId);
        return Promise.resolve();
      },
    });
    await until(() => read >= high);
    await consumer.disconnect();
    return seen;
  }
});
