import { expect } from "chai";

import { createStore, type Scored } from "../../../services/sentiment/store.ts";
import { type Database, freshDatabase, needs, until } from "../support.ts";
import { clean, hoursOf } from "./posts.ts";

const scored = (id: string, symbol: string, score: number, seconds: number): Scored => ({
  post: clean(id, symbol, "text", seconds),
  opinion: { score, confidence: 0.5, model: "lexicon-1" },
});

describe("services/sentiment/store on Postgres", () => {
  let database: Database;
  beforeEach(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
  });
  afterEach(async () => {
    await (database as Database | undefined)?.drop();
  });

  it("gives each post the hour up to it: the hour's own first moment is out, other symbols are out", async () => {
    const store = createStore(database.pool);
    const stored = await store.save([
      scored("1", "BTC", 1, 0),
      scored("2", "ETH", -1, 1),
      scored("3", "BTC", 0, 3_599),
      scored("4", "BTC", -1, 3_600),
    ]);
    expect(stored.map(({ hour }) => hour)).to.deep.equal([
      { mean: 1, posts: 1 },
      { mean: -1, posts: 1 },
      { mean: 0.5, posts: 2 },
      { mean: -0.5, posts: 2 },
    ]);
  });

  it("counts late posts in their own hour, and in none that was told before", async () => {
    const store = createStore(database.pool);
    const [, second] = await store.save([scored("1", "BTC", 1, 0), scored("2", "BTC", 1, 600)]);
    const [late] = await store.save([scored("late", "BTC", -1, 300)]);
    const [, third] = await store.save([scored("2", "BTC", 1, 600), scored("3", "BTC", 1, 601)]);
    expect(second?.hour).to.deep.equal({ mean: 1, posts: 2 });
    expect(late?.hour).to.deep.equal({ mean: 0, posts: 2 });
    expect(third?.hour).to.deep.equal({ mean: 0.5, posts: 4 });
  });

  it("answers the same for what is stored already, whatever it is scored now", async () => {
    const store = createStore(database.pool);
    const first = await store.save([scored("1", "BTC", 0.25, 0), scored("2", "BTC", 0.1234, 1)]);
    await store.save([scored("3", "BTC", -1, 2)]);
    const other = [scored("1", "BTC", -0.9, 0), scored("2", "BTC", -0.9, 1)].map((one) => ({
      ...one,
      opinion: { ...one.opinion, model: "finbert-3" },
    }));
    expect(await store.save(other)).to.deep.equal(first);
    expect(first[1]?.opinion).to.deep.equal({ score: 0.1234, confidence: 0.5, model: "lexicon-1" });
  });

  it("counts a post once that is given twice at once", async () => {
    const store = createStore(database.pool);
    const [one, again, next] = await store.save([
      scored("1", "BTC", 1, 0),
      scored("1", "BTC", 1, 0),
      scored("2", "BTC", 0, 1),
    ]);
    expect(again).to.deep.equal(one);
    expect(next?.hour).to.deep.equal({ mean: 0.5, posts: 2 });
  });

  it("waits for one that stores the same symbol, and counts what that one stored", async () => {
    const slow = await database.pool.connect();
    await slow.query("begin");
    await slow.query("select pg_advisory_xact_lock($1, hashtext('BTC'))", [0x5e47]);
    let done = false;
    const saving = createStore(database.pool)
      .save([scored("2", "BTC", 0, 1)])
      .finally(() => (done = true));
    await until(async () => {
      const { rowCount } = await database.pool.query(
        "select from pg_locks where locktype = 'advisory' and classid = $1 and not granted",
        [0x5e47],
      );
      return rowCount === 1;
    });
    expect(done).to.equal(false);
    await slow.query(
      `insert into sentiment_scores values ('BTC', 'reddit:1', '2026-11-24T12:00:00Z', 'reddit', 1, 1, 'm', now(), 1, 1)`,
    );
    await slow.query("commit");
    slow.release();
    expect((await saving)[0]?.hour).to.deep.equal({ mean: 0.5, posts: 2 });
  });

  it("agrees with a recomputation by the definition, in any order and in any portions", async function () {
    this.timeout(60_000);
    const store = createStore(database.pool);
    let state = 7;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647;
    const all = Array.from({ length: 1_200 }, (_, i) => {
      const late = random() < 0.2 ? -Math.floor(random() * 9_000) : 0;
      const score = Math.round((random() * 2 - 1) * 10_000) / 10_000;
      return scored(String(i), random() < 0.6 ? "BTC" : "ETH", score, i * 10 + late);
    });
    const hours: { mean: number; posts: number }[] = [];
    for (let i = 0; i < all.length;) {
      const portion = all.slice(i, (i += 1 + Math.floor(random() * 200)));
      // Each portion begins with what the last one had: messages that came again.
      const again = all.slice(Math.max(0, i - portion.length - 5), i - portion.length);
      const stored = await store.save([...again, ...portion]);
      hours.push(...stored.slice(again.length).map(({ hour }) => hour));
    }
    const expected = hoursOf(
      all.map(({ post, opinion }) => ({
        symbol: post.symbol,
        time: Date.parse(post.createdAt),
        score: opinion.score,
      })),
    );
    expect(hours.map(({ posts }) => posts)).to.deep.equal(expected.map(({ posts }) => posts));
    for (const [i, { mean }] of hours.entries())
      expect(mean, `post ${i}`).to.be.closeTo(expected[i]?.mean ?? NaN, 6e-5);
  });

  it("says when its table isn't there", async () => {
    const store = createStore(database.pool);
    await store.check();
    await database.pool.query("drop table sentiment_scores");
    expect(await store.check().catch((error: unknown) => String(error))).to.include("sentiment_scores");
  });
});
