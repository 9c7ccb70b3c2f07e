import { expect } from "chai";

import { type Ingestion, startIngestion } from "../../../services/data-ingestion/app.ts";
import { createBackfill } from "../../../services/data-ingestion/backfill.ts";
import { createReplay, type Replay } from "../../../services/data-ingestion/replay/app.ts";
import { createStore } from "../../../services/data-ingestion/store.ts";
import { createDropRule } from "../../../services/shared/effectively-once.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { createLeaseStore } from "../../../services/shared/lease-postgres.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { readPrice } from "../../../services/shared/topics/prices.ts";
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
    replay = createReplay({ seed: 1, products, rate: 1500, total: 4500, heartbeat: 200, drop });
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
      backfill: createBackfill(`http://127.0.0.1:${feedPort}/`),
      log: quiet,
      holder,
      leaseSeconds: 3,
      feedUrl: `ws://127.0.0.1:${feedPort}`,
      products,
      topics,
      group,
    });
    running.add(ingestion);
    return ingestion;
  };
  const stop = async (ingestion: Ingestion): Promise<void> => {
    running.delete(ingestion);
    await ingestion.stopSource();
    await ingestion.stopWriter();
  };
  const owner = async () => {
    const { rows } = await database.pool.query<{ holder: string; fence: string }>(
      "select holder, fence from leases where expires_at > clock_timestamp()",
    );
    return rows[0];
  };
  const stored = async () => {
    const { rows } = await database.pool.query<{ product: string; ids: string[] }>(
      `select product, array_agg(trade_id order by trade_id) ids from prices
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
    await until(() => Object.values(replay.exchange.emitted()).reduce((n, { count }) => n + count, 0) === 4500);
    await until(async () => Object.values(await stored()).flat().length >= 4500);
    for (const check of standby.checks) await check.run();
    expect(standby.alive()).to.equal(true);

    const expected = Object.fromEntries(
      Object.entries(replay.exchange.emitted()).map(([product, { first: from, last }]) => [product, range(from, last)]),
    );
    expect(await stored()).to.deep.equal(expected);
    expect(await consumed()).to.deep.equal(expected);
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

  /** What a consumer that follows the drop rule makes of the topic, by product. */
  async function consumed(): Promise<Record<string, number[]>> {
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
        if (isNew(product, tradeId)) (seen[product] ??= []).push(tradeId);
        return Promise.resolve();
      },
    });
    await until(() => read >= high);
    await consumer.disconnect();
    return seen;
  }
});
