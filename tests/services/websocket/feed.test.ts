import { expect } from "chai";

import { createSender, type Sender } from "../../../services/shared/sender.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { PRICES } from "../../../services/websocket/channels.ts";
import { startFeed } from "../../../services/websocket/feed.ts";
import { TopicStream } from "../../../services/websocket/stream.ts";
import { createTopics, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { message } from "./messages.ts";

describe("services/websocket/feed on Kafka", () => {
  let kafka: Kafka;
  let sender: Sender;
  before(function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    sender = createSender(kafka, quiet);
  });
  after(async () => {
    await (sender as Sender | undefined)?.close();
  });
  const send = (topic: string, from: number, to: number) =>
    sender.send(
      topic,
      Array.from({ length: to - from + 1 }, (_, i) => ({ key: "A-B", value: message("A-B", from + i) })),
    );

  it("two replicas hold the same offsets, wherever each began; a stopped one leaves no group", async () => {
    const topic = unique("prices");
    await createTopics(kafka, { topic, numPartitions: 1 });
    await send(topic, 1, 300);
    const replica = (capacity: number) => {
      const stream = new TopicStream({ form: PRICES, log: quiet, capacity, priming: 10 });
      const groupId = unique("ws");
      return { stream, groupId, feed: startFeed({ kafka, topic, groupId, stream, log: quiet }) };
    };
    const whole = replica(1_000);
    const late = replica(50);
    await until(() => whole.stream.caughtUp() && late.stream.caughtUp());
    await send(topic, 301, 320);
    await until(() => [whole, late].every(({ stream }) => stream.ring(0)?.next === 320));
    const held = (stream: TopicStream) =>
      stream
        .ring(0)
        ?.read(280, 100)
        .map(({ data }) => data.toString());
    expect(held(late.stream)).to.deep.equal(held(whole.stream)).and.have.length(40);
    expect(late.stream.ring(0)?.heldFrom).to.equal(270);
    expect(whole.stream.ring(0)?.heldFrom).to.equal(0);
    expect(whole.feed.awayFor()).to.equal(0);

    await Promise.all([whole.feed.stop(), late.feed.stop()]);
    const admin = kafka.admin();
    await admin.connect();
    const { groups } = await admin.listGroups();
    await admin.disconnect();
    expect(groups.map(({ groupId }) => groupId)).not.to.include.members([whole.groupId]);
  });

  it("waits for a topic that is not there yet", async () => {
    const topic = unique("prices");
    const stream = new TopicStream({ form: PRICES, log: quiet });
    const feed = startFeed({ kafka, topic, groupId: unique("ws"), stream, log: quiet });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(stream.caughtUp()).to.equal(false);
    await createTopics(kafka, { topic, numPartitions: 2 });
    await until(() => stream.caughtUp());
    await feed.stop();
  });
});
