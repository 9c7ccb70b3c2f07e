import { randomUUID } from "node:crypto";

import { expect } from "chai";

import type { Kafka } from "../../../services/shared/kafka.ts";
import { createSender, type Sender } from "../../../services/shared/sender.ts";
import type { Channel } from "../../../services/websocket/channel.ts";
import { createStreams } from "../../../services/websocket/channels.ts";
import { startFeed } from "../../../services/websocket/feed.ts";
import { feedChecks } from "../../../services/websocket/readiness.ts";
import { createTopics, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { crossing, feeling, message } from "./messages.ts";
import { connect, serve, tokenOf } from "./replica.ts";

type Topics = Readonly<Record<Channel, string>>;

describe("services/websocket channels on Kafka", () => {
  let kafka: Kafka;
  let sender: Sender;
  const stops: (() => Promise<unknown>)[] = [];
  before(function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    sender = createSender(kafka, quiet);
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });
  after(async () => {
    await (sender as Sender | undefined)?.close();
  });

  const topicsOf = (): Topics => ({
    prices: unique("prices"),
    sentiment: unique("sentiment"),
    alerts: unique("alerts"),
  });
  const replicaOf = async (topics: Topics) => {
    const streams = createStreams(quiet);
    const feedOf = (channel: Channel) => {
      const stream = streams[channel];
      const feed = startFeed({ kafka, topic: topics[channel], groupId: unique(`ws-${channel}`), stream, log: quiet });
      stops.push(() => feed.stop());
      return feed;
    };
    const feeds = { prices: feedOf("prices"), sentiment: feedOf("sentiment"), alerts: feedOf("alerts") };
    const served = await serve(streams, { checks: feedChecks(streams, feeds) });
    stops.push(() => served.lifecycle.drain("test"));
    const ready = async () => {
      const response = await fetch(`http://127.0.0.1:${served.port}/ready`);
      const { checks } = (await response.json()) as { checks: Record<string, string> };
      return { status: response.status, checks };
    };
    return { ...served, ready };
  };

  it("carries prices, sentiment and alerts to one client; another replica goes on where it was", async () => {
    const topics = topicsOf();
    const { prices, sentiment, alerts } = topics;
    const two = (topic: string) => ({ topic, numPartitions: 2 });
    await createTopics(kafka, two(prices), two(sentiment), two(alerts));
    const [one, other] = [await replicaOf(topics), await replicaOf(topics)];
    await until(async () => (await one.ready()).status === 200 && (await other.ready()).status === 200);
    await until(() => [one, other].every((each) => each.sentiment.caughtUp() && each.alerts.caughtUp()));
    expect((await one.ready()).checks).to.have.keys("caught-up", "kafka", "sentiment", "alerts");

    const [user, stranger] = [randomUUID(), randomUUID()];
    const client = await connect(one.port);
    client.ask({ type: "auth", token: await tokenOf(user) });
    client.ask({ type: "subscribe", channel: "alerts" });
    client.ask({ type: "subscribe", channel: "sentiment", symbols: ["BTC"] });
    client.ask({ type: "subscribe", products: ["A-B"] });
    await client.has(4);
    await sender.send(prices, [{ key: "A-B", value: message("A-B", 1) }]);
    await sender.send(sentiment, [{ key: "BTC", value: feeling("BTC", "bluesky:1") }]);
    const sent = Array.from({ length: 10 }, () => [stranger, user]).flat();
    const keyed = sent.map((each) => ({ key: each, value: crossing(each) }));
    await sender.send(alerts, keyed);
    await client.has(4 + 1 + 1 + 10);
    expect([client.prices(), client.of("sentiment").length]).to.deep.equal([[1], 1]);
    const wanted = keyed.flatMap(({ key, value }) =>
      key === user ? [(JSON.parse(String(value)) as { id: string }).id] : [],
    );
    const got = () => client.of("alert").map(({ id }) => id);
    expect(got()).to.deep.equal(wanted);

    const last = client.of("alert")[6];
    const again = await connect(other.port);
    again.ask({ type: "auth", token: await tokenOf(user) });
    again.ask({
      type: "subscribe",
      channel: "alerts",
      from: { [String(last?.["partition"])]: Number(last?.["offset"]) },
    });
    await again.has(2 + 3);
    expect(again.of("alert").map(({ id }) => id)).to.deep.equal(wanted.slice(7));
  });

  it("serves prices while the other topics are missing, and these once they are there", async () => {
    const topics = topicsOf();
    await createTopics(kafka, { topic: topics.prices, numPartitions: 1 });
    const replica = await replicaOf(topics);
    await until(async () => (await replica.ready()).status === 200);
    expect((await replica.ready()).checks).to.deep.equal({
      "caught-up": "ok",
      kafka: "ok",
      sentiment: "degraded",
      alerts: "degraded",
    });
    const client = await connect(replica.port);
    const wish = { type: "subscribe", channel: "sentiment", symbols: ["BTC"] };
    client.ask({ type: "subscribe", products: ["A-B"] });
    client.ask(wish);
    await client.has(2);
    expect(client.errors()).to.deep.equal(["channel-unavailable"]);
    await sender.send(topics.prices, [{ key: "A-B", value: message("A-B", 1) }]);
    await until(() => client.prices().length === 1);
    await createTopics(kafka, { topic: topics.sentiment, numPartitions: 1 });
    await until(() => replica.sentiment.caughtUp());
    client.ask(wish);
    await client.has(4);
    await sender.send(topics.sentiment, [{ key: "BTC", value: feeling("BTC", "bluesky:1") }]);
    await until(() => client.of("sentiment").length === 1);
  });
});
