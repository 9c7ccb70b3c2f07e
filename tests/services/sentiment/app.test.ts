import { expect } from "chai";

import { type SentimentProcessor, startSentiment } from "../../../services/sentiment/app.ts";
import { LEXICON, lexicon } from "../../../services/sentiment/lexicon.ts";
import type { Model } from "../../../services/sentiment/model.ts";
import type { Kafka, Message } from "../../../services/shared/kafka.ts";
import type { Check } from "../../../services/shared/probes.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { type CleanPost, writeCleanPost } from "../../../services/shared/topics/posts.ts";
import { readSentiment, type SentimentMessage } from "../../../services/shared/topics/sentiment.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { listen, type Listener } from "../topics.ts";
import { clean, hoursOf } from "./posts.ts";

const SYMBOLS = ["BTC", "ETH", "SOL", "XRP", "DOGE"];
const FEELINGS = ["so bullish", "total rug", "not bad", "moon 🚀", "I fear a crash", "nothing new", "hodl, very happy"];

/** Posts in the order in which they are sent; every seventh is late, every eleventh in a language that nobody reads. */
const posts: readonly CleanPost[] = Array.from({ length: 2_000 }, (_, i) => {
  const symbol = SYMBOLS[(i * i + i) % SYMBOLS.length] ?? "BTC";
  const late = i % 7 === 0 ? (i * 37) % 5_000 : 0;
  const text = `${FEELINGS[i % FEELINGS.length] ?? ""} ${i}`;
  return clean(String(i), symbol, text, i * 9 - late, i % 11 === 0 ? { language: "fr" } : {});
});
const readable = posts.filter(({ language }) => language === "en");
const toMessage = (post: CleanPost): Message => ({ key: post.symbol, value: writeCleanPost(post) });

async function passes(check: Check): Promise<boolean> {
  try {
    await check.run();
    return true;
  } catch {
    return false;
  }
}

describe("services/sentiment/app on Kafka and Postgres", () => {
  let database: Database;
  let kafka: Kafka;
  let listener: Listener<SentimentMessage>;
  const topics = { cleanPosts: unique("clean"), sentiment: unique("sentiment"), deadLetters: unique("dead") };
  const group = unique("sentiment");
  const running = new Set<SentimentProcessor>();

  before(async function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    await createTopics(
      kafka,
      { topic: topics.cleanPosts, numPartitions: 3 },
      { topic: topics.sentiment, numPartitions: 3 },
      { topic: topics.deadLetters, numPartitions: 1 },
    );
    listener = await listen(kafka, topics.sentiment, readSentiment);
  });
  after(async () => {
    await Promise.all([...running].map((each) => each.stop()));
    await (listener as Listener<SentimentMessage> | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });
  const start = (model: Model = lexicon): SentimentProcessor => {
    const started = startSentiment({ kafka, pool: database.pool, model, log: quiet, topics, group });
    running.add(started);
    return started;
  };
  const stop = async (processor: SentimentProcessor): Promise<void> => {
    running.delete(processor);
    await processor.stop();
  };

  it("scores 2,000 posts through stops and starts: none lost, none twice in the table, every hour right", async function () {
    this.timeout(120_000);
    const sender = createSender(kafka, quiet);
    let replica = start();
    for (let i = 0; i < posts.length; i += 200) {
      const messages = posts.slice(i, i + 200).map(toMessage);
      await sender.send(topics.cleanPosts, messages);
      if (i % 600 === 0) await sender.send(topics.cleanPosts, messages);
      if (i === 400 || i === 1_200) {
        await until(() => listener.messages.length > i / 2);
        await stop(replica);
        replica = start();
      }
      if (i === 1_600) start();
    }
    await sender.close();
    const arrived = (): Set<string> => new Set(listener.messages.map(({ post }) => post));
    await until(() => arrived().size >= readable.length);

    const { rows } = await database.pool.query<{ posts: string; models: string[] }>(
      "select count(*) as posts, array_agg(distinct model) as models from sentiment_scores",
    );
    expect(rows).to.deep.equal([{ posts: String(readable.length), models: [LEXICON] }]);
    // The last to join the group may still be joining: whoever waits for readiness asks again.
    for (const processor of running) for (const check of processor.checks) await until(() => passes(check));

    const first = new Map<string, SentimentMessage>();
    for (const message of listener.messages) {
      const known = first.get(message.post);
      if (known) expect(message, "what comes again says the same").to.deep.equal(known);
      else first.set(message.post, message);
    }
    // A symbol's posts are stored in the order in which they were sent, whatever other symbols do.
    const scores = (await lexicon.score(readable.map(({ text }) => text))).map(({ score }) => score);
    const expected = hoursOf(
      readable.map(({ symbol, createdAt }, i) => ({ symbol, time: Date.parse(createdAt), score: scores[i] ?? NaN })),
    );
    for (const [i, { id, symbol, createdAt, receivedAt }] of readable.entries()) {
      const message = first.get(id);
      expect(message).to.include({ symbol, time: createdAt, receivedAt, score: scores[i], model: LEXICON });
      expect(message?.hour.posts, id).to.equal(expected[i]?.posts);
      expect(message?.hour.mean, id).to.be.closeTo(expected[i]?.mean ?? NaN, 6e-5);
    }
  });

  it("goes on after a model that fails for a while, and puts aside what is no post", async function () {
    this.timeout(60_000);
    await Promise.all([...running].map(stop));
    let failures = 3;
    start({
      score: (texts) => (failures-- > 0 ? Promise.reject(new Error("not yet")) : lexicon.score(texts)),
    });
    const sender = createSender(kafka, quiet);
    const dead = await listen(kafka, topics.deadLetters, (value) => ({ ok: true, message: value?.toString() ?? "" }));
    await sender.send(topics.cleanPosts, [
      { key: "BTC", value: "{}" },
      // Fits the schema, and no calendar that Postgres has.
      { key: "BTC", value: writeCleanPost(clean("never", "BTC", "bullish", 0, { createdAt: "0000-01-01T00:00:00Z" })) },
      toMessage(clean("after", "BTC", "bullish", 20_000)),
    ]);
    await sender.close();
    await until(() => listener.messages.some(({ post }) => post === "reddit:after"));
    await until(() => dead.messages.length >= 2);
    expect(dead.headers.map((each) => each["dead-letter-reason"])).to.deep.equal([
      "version missing, where 1 is known",
      "Postgres refuses the values (22008)",
    ]);
    await dead.stop();
    expect(failures).to.be.lessThan(0);
  });
});
