import { expect } from "chai";

import type { Kafka } from "../../../services/shared/kafka.ts";
import { createSender, type Sender } from "../../../services/shared/sender.ts";
import { readAlert } from "../../../services/shared/topics/alerts.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { type ServiceProcess, spawnService } from "../process.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { expectedAlerts, insertPrices, insertRules, insertUser, marketRules, seeded, storedAlerts, trades } from "./market.ts"; // prettier-ignore

const products = ["BTC-USD", "ETH-USD", "SOL-USD", "ADA-USD", "XRP-USD"];
const MESSAGES = 20_000;
const RULES = 200;

describe("services/alert as processes on Kafka and Postgres", () => {
  let database: Database;
  let kafka: Kafka;
  let sender: Sender;
  let user: string;
  const topics = { prices: unique("prices"), sentiment: unique("sentiment"), alerts: unique("alerts"), dead: unique("dead") }; // prettier-ignore
  const groups = { prices: unique("alert-prices"), sentiment: unique("alert-sentiment") };
  const running = new Set<ServiceProcess>();

  before(async function () {
    this.timeout(30_000);
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    user = await insertUser(database.pool);
    sender = createSender(kafka, quiet);
    await createTopics(
      kafka,
      { topic: topics.prices, numPartitions: 3 },
      { topic: topics.sentiment, numPartitions: 1 },
      { topic: topics.alerts, numPartitions: 2 },
      { topic: topics.dead, numPartitions: 1 },
    );
  });
  after(async () => {
    await Promise.all([...running].map((replica) => replica.end("SIGKILL")));
    await (sender as Sender | undefined)?.close();
    await (database as Database | undefined)?.drop();
  });

  const start = async (): Promise<ServiceProcess> => {
    const replica = await spawnService("alert", {
      DATABASE_URL: database.url,
      KAFKA_BROKERS: process.env["KAFKA_BROKERS"] ?? "",
      KAFKA_SECURITY: "plaintext",
      PRICES_TOPIC: topics.prices,
      PRICES_GROUP: groups.prices,
      SENTIMENT_TOPIC: topics.sentiment,
      SENTIMENT_GROUP: groups.sentiment,
      ALERTS_TOPIC: topics.alerts,
      DEAD_LETTER_TOPIC: topics.dead,
    });
    running.add(replica);
    return replica;
  };
  const publish = async (messages: readonly PriceMessage[]): Promise<void> => {
    for (let i = 0; i < messages.length; i += 500) {
      const batch = messages.slice(i, i + 500);
      await sender.send(topics.prices, batch.map((message) => ({ key: message.product, value: JSON.stringify(message) }))); // prettier-ignore
    }
  };
  /** How many messages of the topic the group has committed, and how many there are. */
  const progress = async () => {
    const admin = kafka.admin();
    await admin.connect();
    const [offsets, ends] = [
      await admin.fetchOffsets({ groupId: groups.prices, topics: [topics.prices] }),
      await admin.fetchTopicOffsets(topics.prices),
    ];
    await admin.disconnect();
    const committed = (offsets[0]?.partitions ?? []).reduce((sum, { offset }) => sum + Math.max(0, Number(offset)), 0);
    return { committed, end: ends.reduce((sum, { high }) => sum + Number(high), 0) };
  };

  const members = async (): Promise<number> => {
    const admin = kafka.admin();
    await admin.connect();
    const { groups: described } = await admin.describeGroups([groups.prices]);
    await admin.disconnect();
    return described[0]?.state === "Stable" ? described[0].members.length : 0;
  };

  it("alerts once of each crossing in 20,000 trades, though one of two replicas is killed in their midst", async function () {
    this.timeout(120_000);
    const random = seeded(7);
    const all = trades(products, MESSAGES, random, Date.now() - MESSAGES * 25);
    const rules = marketRules(products, RULES, random);
    const expected = expectedAlerts(rules, all);
    await insertRules(database.pool, user, rules);
    await insertPrices(database.pool, all);

    const [doomed, survivor] = await Promise.all([start(), start()]);
    await until(async () => (await members()) === 2);
    await publish(all.slice(0, 8_000));
    await until(async () => (await storedAlerts(database.pool)).length > 20);
    await publish(all.slice(8_000, 12_000));
    await doomed.end("SIGKILL");
    running.delete(doomed);
    // A new owner of the feed repeats what the old one had published, and one message is none.
    await sender.send(topics.prices, [{ key: "BTC-USD", value: "nonsense" }]);
    await publish(all.slice(11_000));
    await start();
    await until(async () => {
      const { committed, end } = await progress();
      return committed === end && end > MESSAGES;
    });

    expect(await storedAlerts(database.pool)).to.deep.equal(expected);
    expect(expected.length).to.be.above(RULES);
    expect((await fetch(`${survivor.url}/ready`)).status).to.equal(200);
    expect(await published(expected.length)).to.equal(expected.length);
  });

  it("leaves the groups and exits 0 when it is drained", async () => {
    for (const replica of running) {
      expect(await replica.end("SIGTERM")).to.equal(0);
      running.delete(replica);
      expect(replica.lines.some(({ msg }) => msg === "drained")).to.equal(true);
      expect(replica.lines.filter(({ level }) => level === "error")).to.deep.equal([]);
    }
  });

  /** Distinct alerts of the topic, once that many have come. */
  async function published(wanted: number): Promise<number> {
    await until(async () => {
      const { rows } = await database.pool.query("select 1 from alerts where published_at is null limit 1");
      return rows.length === 0;
    });
    const ids = new Set<string>();
    const consumer = kafka.consumer({ groupId: unique("look"), maxWaitTimeInMs: 50 });
    await consumer.connect();
    await consumer.subscribe({ topics: [topics.alerts], fromBeginning: true });
    await consumer.run({
      eachMessage: ({ message: { key, value } }) => {
        const alert = readAlert(value);
        if (!alert.ok) throw new Error(alert.reason);
        expect(key?.toString()).to.equal(user);
        ids.add(alert.message.id);
        return Promise.resolve();
      },
    });
    await until(() => ids.size >= wanted);
    await consumer.disconnect();
    return ids.size;
  }
});
