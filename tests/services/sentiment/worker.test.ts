import { expect } from "chai";

import type { BatchPayload } from "../../../services/shared/batches.ts";
import type { Message } from "../../../services/shared/kafka.ts";
import { createTally } from "../../../services/shared/tally.ts";
import { type CleanPost, writeCleanPost } from "../../../services/shared/topics/posts.ts";
import { LEXICON, lexicon } from "../../../services/sentiment/lexicon.ts";
import type { Model } from "../../../services/sentiment/model.ts";
import { createStore } from "../../../services/sentiment/store.ts";
import { createWorker } from "../../../services/sentiment/worker.ts";
import { type Database, freshDatabase, needs, quiet } from "../support.ts";
import { clean } from "./posts.ts";

/** A batch as kafkajs hands it over, and whether it was committed. */
function batchOf(posts: readonly CleanPost[], isRunning = () => true) {
  const state = { committed: false };
  const messages = posts.map((post, i) => ({
    key: Buffer.from(post.symbol),
    value: Buffer.from(writeCleanPost(post)),
    timestamp: "1",
    attributes: 0,
    offset: String(i),
    headers: {},
  }));
  const last = String(posts.length - 1);
  const payload: BatchPayload = {
    batch: {
      topic: "posts.clean",
      partition: 0,
      highWatermark: String(posts.length),
      messages,
      isEmpty: () => false,
      firstOffset: () => "0",
      lastOffset: () => last,
      offsetLag: () => "0",
      offsetLagLow: () => "0",
    },
    heartbeat: () => Promise.resolve(),
    isRunning,
    resolveOffset: () => undefined,
    commitOffsetsIfNecessary: () => Promise.resolve(void (state.committed = true)),
    uncommittedOffsets: () => ({ topics: [] }),
  };
  return { payload, state };
}

describe("services/sentiment/worker on Postgres", () => {
  let database: Database;
  beforeEach(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
  });
  afterEach(async () => {
    await (database as Database | undefined)?.drop();
  });
  const workerOf = (model: Model, send: (messages: Message[]) => Promise<void>, tally = createTally(quiet)) =>
    createWorker({
      model,
      store: createStore(database.pool),
      send,
      deadLetters: () => Promise.reject(new Error("nothing to put aside")),
      tally,
      log: quiet,
      backoff: { first: 1, most: 2 },
    });
  const other: Model = {
    score: (texts) => Promise.resolve(texts.map(() => ({ score: -0.99, confidence: 1, model: "finbert-3" }))),
  };

  it("publishes after a crash between the two what it would have published before it", async () => {
    const posts = [clean("1", "BTC", "so bullish", 0), clean("2", "BTC", "rekt", 1), clean("3", "ETH", "moon", 2)];
    const lost: Message[] = [];
    let running = true;
    const first = batchOf(posts, () => running);
    const ended: unknown = await workerOf(lexicon, (messages) => {
      lost.push(...messages);
      running = false;
      return Promise.reject(new Error("killed"));
    })(first.payload).catch((error: unknown) => error);
    expect(String(ended)).to.include("stopped");
    expect(first.state.committed).to.equal(false);
    expect(lost).to.have.lengthOf(3);

    // A late post gets in between, and the successor has another model.
    const sent: Message[] = [];
    const successor = workerOf(other, (messages) => Promise.resolve(void sent.push(...messages)));
    await successor(batchOf([clean("late", "BTC", "awful", 0)]).payload);
    const again = batchOf(posts);
    await successor(again.payload);
    expect(again.state.committed).to.equal(true);
    expect(sent.slice(1)).to.deep.equal(lost);
    const { rows } = await database.pool.query("select model, count(*)::int as posts from sentiment_scores group by 1");
    expect(rows).to.have.deep.members([
      { model: LEXICON, posts: 3 },
      { model: "finbert-3", posts: 1 },
    ]);
  });

  it("publishes nothing that is not stored", async () => {
    const sent: Message[] = [];
    await database.pool.query("alter table sentiment_scores rename to elsewhere");
    let tries = 3;
    const { payload, state } = batchOf([clean("1", "BTC", "so bullish", 0)], () => tries-- > 0);
    await workerOf(lexicon, (messages) => Promise.resolve(void sent.push(...messages)))(payload).catch(() => undefined);
    expect(sent).to.deep.equal([]);
    expect(state.committed).to.equal(false);
  });

  it("asks the model once a text, passes languages by that it can't read, and counts both", async () => {
    const asked: (readonly string[])[] = [];
    const tally = createTally(quiet);
    const symbols = ["BTC", "ETH", "SOL", "XRP"];
    const many = symbols.map((symbol) => clean("1", symbol, "moon", 0, { symbols }));
    const posts = [
      ...many,
      clean("2", "BTC", "hausse", 1, { language: "fr" }),
      clean("3", "BTC", "🚀", 2, { language: "und" }),
    ];
    const sent: Message[] = [];
    const worker = workerOf(
      {
        score: (texts) => {
          asked.push(texts);
          return Promise.resolve(texts.map(() => ({ score: 0.5, confidence: 0.8, model: "m" })));
        },
      },
      (messages) => Promise.resolve(void sent.push(...messages)),
      tally,
    );
    await worker(batchOf(posts).payload);
    expect(asked).to.deep.equal([["moon", "🚀"]]);
    expect(tally.counts()).to.deep.equal({ m: 5, "another language": 1 });
    const values = sent.map(({ key, value }) => ({ key, ...(JSON.parse(String(value)) as { confidence: number }) }));
    // Four symbols in one post: half the confidence, one over the root of four.
    expect(values.map(({ key, confidence }) => [key, confidence])).to.deep.equal([
      ["BTC", 0.4],
      ["ETH", 0.4],
      ["SOL", 0.4],
      ["XRP", 0.4],
      ["BTC", 0.8],
    ]);
  });
});
