import { expect } from "chai";

import { type Preprocessing, startPreprocessing } from "../../../services/preprocessing/app.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { type CleanPost, readCleanPost, writeRawPost } from "../../../services/shared/topics/posts.ts";
import { createTopics, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { listen, type Listener } from "../topics.ts";
import { raw } from "./posts.ts";

/** Two thousand posts of fifty authors, of which each has one job: the text says what must become of it. */
const WORDS = "miner ledger candle bridge harbor window garden copper velvet planet summer anchor timber marble".split(
  " ",
);
const pick = (i: number, salt: number): string => WORDS[(i * salt + (i >> 3) * 5 + salt) % WORDS.length] ?? "";
const story = (i: number): string =>
  Array.from(
    { length: 10 },
    (_, n) =>
      `${pick(i, n + 3)}${"abcdefghij"[(i >> (n % 4)) % 10] ?? ""}${i.toString(2).replaceAll("0", "x").replaceAll("1", "y")}`,
  ).join(" ");

const posts = Array.from({ length: 2_000 }, (_, i) => {
  const id = String(i);
  const author = `author-${i % 50}`;
  if (i % 10 === 3) return { expected: [], post: raw(`Send 1 ETH and get 2 ETH back, offer ${i}`, { id, author }) };
  if (i % 10 === 6) return { expected: [], post: raw(`A walk in the ${story(i)}`, { id, author }) };
  if (i % 10 === 8)
    return { expected: ["BTC", "ETH"], post: raw(`Long bitcoin, short ETH: ${story(i)}`, { id, author }) };
  return { expected: ["BTC"], post: raw(`My $BTC story: ${story(i)}`, { id, author }) };
});
const wanted = posts.flatMap(({ post, expected }) => expected.map((symbol) => `${post.id} ${symbol}`)).sort();

describe("services/preprocessing/app on Kafka", () => {
  let kafka: Kafka;
  let listener: Listener<CleanPost>;
  const topics = { posts: unique("raw"), cleanPosts: unique("clean"), deadLetters: unique("dead") };
  const group = unique("preprocessing");
  const running = new Set<Preprocessing>();

  before(async function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    await createTopics(
      kafka,
      { topic: topics.posts, numPartitions: 3 },
      { topic: topics.cleanPosts, numPartitions: 3 },
      { topic: topics.deadLetters, numPartitions: 1 },
    );
    listener = await listen(kafka, topics.cleanPosts, readCleanPost);
  });
  after(async () => {
    await Promise.all([...running].map((each) => each.stop()));
    await (listener as Listener<CleanPost> | undefined)?.stop();
  });
  const start = (): Preprocessing => {
    const started = startPreprocessing({ kafka, log: quiet, topics, group });
    running.add(started);
    return started;
  };

  it("carries 2,000 posts through stops and starts: all that count arrive, in their author's order", async function () {
    this.timeout(90_000);
    const sender = createSender(kafka, quiet);
    const first = start();
    for (let i = 0; i < posts.length; i += 250) {
      const messages = posts.slice(i, i + 250).map(({ post }) => ({
        key: `${post.source}:${post.author}`,
        value: writeRawPost(post),
      }));
      await sender.send(topics.posts, messages);
      // Each quarter comes twice, as from a source that is fetched again.
      if (i % 500 === 0) await sender.send(topics.posts, messages);
      if (i === 500) {
        await until(() => listener.messages.length > 0);
        running.delete(first);
        await first.stop();
        start();
      }
      if (i === 1_000) start();
    }
    await sender.close();

    const arrived = (): string[] => [...new Set(listener.messages.map(({ id, symbol }) => `${id} ${symbol}`))].sort();
    await until(() => arrived().length >= wanted.length);
    expect(arrived()).to.deep.equal(wanted);
    for (const replica of running) for (const check of replica.checks) await check.run();

    const order = new Map<string, number[]>();
    const authors = new Map(posts.map(({ post }) => [post.id, post.author]));
    const seen = new Set<string>();
    for (const { id, symbol } of listener.messages) {
      if (symbol !== "BTC" || seen.has(id)) continue;
      seen.add(id);
      const author = authors.get(id) ?? "";
      order.set(author, [...(order.get(author) ?? []), Number(id.split(":")[1])]);
    }
    expect(order.size).to.equal(40);
    for (const [author, ids] of order) expect(ids, author).to.deep.equal([...ids].sort((a, b) => a - b));
  });

  it("puts aside what is no post, counts what it drops, and goes on", async function () {
    this.timeout(30_000);
    const [replica] = running;
    const before = running.size;
    const sender = createSender(kafka, quiet);
    const dead = await listen(kafka, topics.deadLetters, (value) => ({ ok: true, message: value?.toString() ?? "" }));
    await sender.send(topics.posts, [
      { key: "k", value: "nonsense" },
      { key: "k", value: JSON.stringify({ ...raw("BTC"), v: 2 }) },
      { key: "k", value: JSON.stringify({ ...raw("BTC"), id: "no source" }) },
      { key: "k", value: writeRawPost(raw("My $BTC is the last one", { id: "last" })) },
    ]);
    await sender.close();
    await until(() => listener.messages.some(({ id }) => id === "reddit:last"));
    await until(() => dead.messages.length >= 3);
    expect(dead.headers.map((each) => each["dead-letter-reason"])).to.deep.equal([
      "the value is not JSON",
      "version 2, where 1 is known",
      "id: must be a source, a colon and that source's id",
    ]);
    expect(dead.messages[0]).to.equal("nonsense");
    await dead.stop();
    expect(running.size).to.equal(before);
    const counts = [...running].map((each) => each.counts());
    expect(counts.reduce((sum, each) => sum + (each["spam"] ?? 0), 0)).to.be.greaterThan(50);
    expect(replica?.counts()["kept"]).to.be.greaterThan(0);
  });
});
