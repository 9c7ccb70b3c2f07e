/** The way from raw posts to sentiment, through processes that are killed without a word. */
import { expect } from "chai";

import { lexicon } from "../../../services/sentiment/lexicon.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { writeRawPost } from "../../../services/shared/topics/posts.ts";
import { readSentiment, type SentimentMessage } from "../../../services/shared/topics/sentiment.ts";
import { raw } from "../preprocessing/posts.ts";
import { type ServiceProcess, spawnService } from "../process.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { listen, type Listener } from "../topics.ts";
import { hoursOf, instant, NOON } from "./posts.ts";

const FEELINGS = ["bullish", "rekt", "happy", "scared", "fine"];
/** One author each, and short: nothing here is a copy of anything. */
const posts = Array.from({ length: 1_000 }, (_, i) =>
  raw(`${FEELINGS[i % FEELINGS.length] ?? ""} about ${i % 3 === 0 ? "$BTC" : "ethereum"} ${i}`, {
    id: String(i),
    author: `author-${i}`,
    createdAt: instant(NOON + i * 20_000),
  }),
);

describe("services/preprocessing and services/sentiment, killed", () => {
  let kafka: Kafka;
  let database: Database;
  let listener: Listener<SentimentMessage>;
  let preprocessing: ServiceProcess;
  let sentiment: ServiceProcess;
  const topics = { raw: unique("raw"), clean: unique("clean"), sentiment: unique("sentiment"), dead: unique("dead") };
  const groups = { preprocessing: unique("preprocessing"), sentiment: unique("sentiment") };
  const kafkaEnv = (): Record<string, string> => ({
    KAFKA_BROKERS: process.env["KAFKA_BROKERS"] ?? "",
    KAFKA_SECURITY: "plaintext",
    DEAD_LETTER_TOPIC: topics.dead,
    CLEAN_POSTS_TOPIC: topics.clean,
  });
  const startPreprocessing = (): Promise<ServiceProcess> =>
    spawnService("preprocessing", { ...kafkaEnv(), POSTS_TOPIC: topics.raw, POSTS_GROUP: groups.preprocessing });
  const startSentiment = (): Promise<ServiceProcess> =>
    spawnService("sentiment", {
      ...kafkaEnv(),
      DATABASE_URL: database.url,
      CLEAN_POSTS_GROUP: groups.sentiment,
      SENTIMENT_TOPIC: topics.sentiment,
    });

  before(async function () {
    this.timeout(60_000);
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    for (const topic of Object.values(topics)) await createTopics(kafka, { topic, numPartitions: 2 });
    listener = await listen(kafka, topics.sentiment, readSentiment);
    [preprocessing, sentiment] = await Promise.all([startPreprocessing(), startSentiment()]);
  });
  after(async () => {
    for (const each of [preprocessing, sentiment] as (ServiceProcess | undefined)[]) await each?.end("SIGKILL");
    await (listener as Listener<SentimentMessage> | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  it("loses no post, and every hour is right", async function () {
    this.timeout(120_000);
    const sender = createSender(kafka, quiet);
    const arrived = (): ReadonlySet<string> => new Set(listener.messages.map(({ post }) => post));
    const send = (from: number, to: number): Promise<void> =>
      sender.send(
        topics.raw,
        posts.slice(from, to).map((post) => ({ key: `${post.source}:${post.author}`, value: writeRawPost(post) })),
      );
    await send(0, 500);
    await until(() => arrived().size > 0);
    // In the middle of it, and with more on its way.
    await Promise.all([preprocessing.end("SIGKILL"), sentiment.end("SIGKILL"), send(500, posts.length)]);
    [preprocessing, sentiment] = await Promise.all([startPreprocessing(), startSentiment()]);
    await sender.close();
    await until(() => arrived().size === posts.length);

    const { rows } = await database.pool.query<{ symbol: string; post: string; time: Date }>(
      "select symbol, post, time from sentiment_scores",
    );
    expect(rows.map(({ post }) => post).sort()).to.deep.equal(posts.map(({ id }) => id).sort());

    // What is published is published in the order of storing; what comes again says the same.
    const told = new Map<string, SentimentMessage>();
    for (const message of listener.messages) {
      expect(told.get(message.post) ?? message).to.deep.equal(message);
      told.set(message.post, message);
    }
    const inOrder = [...told.values()];
    const texts = new Map(posts.map(({ id, text }) => [id, text]));
    const scores = await lexicon.score(inOrder.map(({ post }) => texts.get(post) ?? ""));
    const hours = hoursOf(
      inOrder.map(({ symbol, time }, i) => ({ symbol, time: Date.parse(time), score: scores[i]?.score ?? NaN })),
    );
    for (const [i, { post, score, hour }] of inOrder.entries()) {
      expect(score, post).to.equal(scores[i]?.score);
      expect(hour.posts, post).to.equal(hours[i]?.posts);
      expect(hour.mean, post).to.be.closeTo(hours[i]?.mean ?? NaN, 6e-5);
    }
  });

  it("is ready, drains at SIGTERM and ends well, with what it did in its log and no text of a post", async function () {
    this.timeout(60_000);
    for (const each of [preprocessing, sentiment]) {
      await until(async () => (await fetch(`${each.url}/ready`)).ok);
      expect((await fetch(`${each.url}/health`)).status).to.equal(200);
      expect(await each.end("SIGTERM")).to.equal(0);
      expect(each.lines.map(({ msg }) => msg)).to.include.members(["messages by outcome", "drained"]);
      expect(JSON.stringify(each.lines)).not.to.match(/bullish about|rekt about/);
    }
  });
});
