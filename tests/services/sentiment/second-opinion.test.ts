import { expect } from "chai";

import { type SentimentProcessor, startSentiment } from "../../../services/sentiment/app.ts";
import { withFallback } from "../../../services/sentiment/fallback.ts";
import { LEXICON, lexicon } from "../../../services/sentiment/lexicon.ts";
import type { Model } from "../../../services/sentiment/model.ts";
import type { Kafka } from "../../../services/shared/kafka.ts";
import { createQueue, type Queue } from "../../../services/shared/queue.ts";
import {
  readScoringRequest,
  type ScoringRequest,
  writeScoringResult,
} from "../../../services/shared/queues/scoring.ts";
import { createSender } from "../../../services/shared/sender.ts";
import { type CleanPost, writeCleanPost } from "../../../services/shared/topics/posts.ts";
import { readSentiment, type SentimentMessage } from "../../../services/shared/topics/sentiment.ts";
import { createTopics, type Database, freshDatabase, kafkaAt, needs, quiet, unique, until } from "../support.ts";
import { listen, type Listener } from "../topics.ts";
import { clean } from "./posts.ts";
import { type Sqs, startSqs } from "./sqs.ts";

const MODEL = "finbert-3";
const scoreOf = (text: string): number => (text.length % 7) / 10;

/** The inference service's other half: takes requests, answers with what its model makes of the text, dies at times. */
async function infer(requests: Queue, results: Queue, signal: AbortSignal, dies: () => boolean): Promise<void> {
  while (!signal.aborted) {
    const received = await requests.receive(signal).catch(() => []);
    const wanted = received
      .map(({ body }) => readScoringRequest(body))
      .flatMap((read) => (read.ok ? [read.message] : []));
    await results.send(
      wanted.map(({ text, ...rest }: ScoringRequest) =>
        writeScoringResult({ ...rest, score: scoreOf(text), confidence: 0.8, model: MODEL }),
      ),
    );
    // After the answer and before the request is done: it comes again, and so does its answer.
    if (!dies()) await requests.done(received);
  }
}

describe("services/sentiment second opinions on Kafka, Postgres and a queue", () => {
  let database: Database;
  let kafka: Kafka;
  let sqs: Sqs;
  let listener: Listener<SentimentMessage>;
  let dead: Listener<string>;
  const topics = { cleanPosts: unique("clean"), sentiment: unique("sentiment"), deadLetters: unique("dead") };
  const group = unique("sentiment");
  const stops: (() => Promise<unknown>)[] = [];
  const running = new Set<SentimentProcessor>();

  before(async function () {
    kafka = kafkaAt(needs(this, "KAFKA_BROKERS"));
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    sqs = await startSqs();
    const names = Object.values(topics);
    await createTopics(kafka, ...names.map((topic) => ({ topic, numPartitions: 1 })));
    listener = await listen(kafka, topics.sentiment, readSentiment);
    dead = await listen(kafka, topics.deadLetters, (value) => ({ ok: true, message: value?.toString() ?? "" }));
  });
  after(async () => {
    for (const stop of stops.splice(0)) await stop();
    await Promise.all([...running].map((each) => each.stop()));
    await (listener as Listener<SentimentMessage> | undefined)?.stop();
    await (dead as Listener<string> | undefined)?.stop();
    await (sqs as Sqs | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });
  const queue = (name: string): Queue => createQueue(sqs.client, sqs.url(name));
  const start = (model: Model): SentimentProcessor => {
    const queues = { requests: queue("ml-requests"), results: queue("ml-results") };
    const started = startSentiment({ kafka, pool: database.pool, model, log: quiet, topics, group, queues });
    running.add(started);
    return started;
  };
  const publish = async (posts: readonly CleanPost[]): Promise<void> => {
    const sender = createSender(kafka, quiet);
    await sender.send(topics.cleanPosts, posts.map((post) => ({ key: post.symbol, value: writeCleanPost(post) }))); // prettier-ignore
    await sender.close();
  };
  const models = async (): Promise<Record<string, number>> => {
    const { rows } = await database.pool.query<{ model: string; posts: number }>(
      "select model, count(*)::int as posts from sentiment_scores group by 1",
    );
    return Object.fromEntries(rows.map(({ model, posts }) => [model, posts]));
  };

  it("scores again by the queue what the model was away for: each once, in table and topic", async function () {
    this.timeout(60_000);
    const away: Model = { score: () => Promise.reject(new Error("starting")) };
    const processor = start(withFallback({ first: away, second: lexicon, log: quiet }));
    const posts = Array.from({ length: 120 }, (_, i) => {
      const text = `so bullish ${"x".repeat(i % 9)} ${i}`;
      return clean(String(i), "BTC", text, i, i % 4 === 0 ? { symbols: ["BTC", "ETH", "SOL", "XRP"] } : {});
    });
    await publish(posts);
    await until(() => sqs.messages("ml-requests").length === posts.length);
    expect(await models()).to.deep.equal({ [LEXICON]: posts.length });

    const stopping = new AbortController();
    let turns = 0;
    const inference = infer(queue("ml-requests"), queue("ml-results"), stopping.signal, () => (turns += 1) % 5 === 0);
    stops.push(async () => {
      stopping.abort();
      await inference;
    });
    await until(async () => (await models())[MODEL] === posts.length);
    await until(() => sqs.messages("ml-requests").length === 0 && sqs.messages("ml-results").length === 0);
    const late = () => listener.messages.filter(({ revision }) => revision === 1);
    await until(() => new Set(late().map(({ post }) => post)).size === posts.length);
    const first = new Map(listener.messages.filter(({ revision }) => revision === 0).map((each) => [each.post, each]));
    for (const { post, score, confidence, model, hour, receivedAt } of late()) {
      const asked = posts.find(({ id }) => id === post);
      const before = first.get(post);
      expect([score, model]).to.deep.equal([scoreOf(asked?.text ?? ""), MODEL]);
      expect(confidence).to.equal(asked?.symbols.length === 4 ? 0.4 : 0.8);
      expect(hour.posts).to.equal(before?.hour.posts);
      const moved = (score - (before?.score ?? NaN)) / hour.posts;
      expect(hour.mean).to.be.closeTo((before?.hour.mean ?? NaN) + moved, 1.1e-4);
      expect(receivedAt).to.equal(before?.receivedAt);
    }
    expect(processor.counts()["asked again"]).to.equal(posts.length);
  });

  it("puts aside an answer that can't be used, and passes by one of a post that is not there", async function () {
    this.timeout(60_000);
    const answer = { v: 1, symbol: "BTC", among: 1, score: 0, confidence: 0, model: MODEL } as const;
    await queue("ml-results").send([
      "{",
      writeScoringResult({ ...answer, post: "rss:nowhere", time: "2026-11-24T12:00:00.000Z" }),
      writeScoringResult({ ...answer, post: "rss:never", time: "0000-01-01T00:00:00Z" }),
    ]);
    await until(() => sqs.messages("ml-results").length === 0);
    await until(() => dead.messages.length === 2);
    expect(dead.headers.map((headers) => headers["dead-letter-reason"])).to.have.members([
      "the value is not JSON",
      "Postgres refuses the values (22008)",
    ]);
    expect(new Set(dead.headers.map((headers) => headers["dead-letter-topic"]))).to.deep.equal(new Set(["ml-results"]));
  });

  it("scores on, and holds nothing up, while the queue is away", async function () {
    this.timeout(60_000);
    sqs.refuse(true);
    const before = listener.messages.length;
    for (let i = 0; i < 6; i += 1) {
      await publish([clean(`away-${i}`, "ETH", "total rug", i)]);
      await until(() => listener.messages.some(({ post }) => post === `reddit:away-${i}`));
    }
    const [processor] = running;
    await until(() => processor?.counts()["not asked again"] === 6);
    expect(listener.messages.length).to.equal(before + 6);
    sqs.refuse(false);
  });

  it("asks again of what the model did not read to its end, and of nothing else that it scored", async function () {
    this.timeout(60_000);
    await Promise.all([...running].map((each) => each.stop()));
    running.clear();
    for (const stop of stops.splice(0)) await stop();
    start({ score: (texts) => Promise.resolve(texts.map(() => ({ score: 0.5, confidence: 0.9, model: MODEL }))) });
    await publish([clean("short", "SOL", "moon", 0), clean("long", "SOL", `moon ${"and on ".repeat(400)}`, 1)]);
    await until(() => listener.messages.some(({ post }) => post === "reddit:long"));
    await until(() => sqs.messages("ml-requests").length === 1);
    expect(JSON.parse(sqs.messages("ml-requests")[0]?.body ?? "{}")).to.include({ post: "reddit:long", symbol: "SOL" });
  });
});
