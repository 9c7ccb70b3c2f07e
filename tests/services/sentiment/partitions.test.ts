import { expect } from "chai";

import { KEEP_DAYS, keepPartitioned, keepPartitions } from "../../../services/sentiment/partitions.ts";
import { createStore } from "../../../services/sentiment/store.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { collectingLog, type Database, freshDatabase, needs, quiet, until } from "../support.ts";
import { clean, NOON } from "./posts.ts";

const DAY = 86_400;
const days = (count: number): Date => new Date(NOON + count * DAY * 1000);

describe("services/sentiment/partitions on Postgres", () => {
  let database: Database;
  beforeEach(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
  });
  afterEach(async () => {
    await (database as Database | undefined)?.drop();
  });
  const save = (id: string, day: number): Promise<unknown> =>
    createStore(database.pool).save([
      { post: clean(id, "BTC", "text", day * DAY), opinion: { score: 1, confidence: 1, model: "m" } },
    ]);
  const where = async (): Promise<Record<string, string>> => {
    const { rows } = await database.pool.query<{ post: string; place: string }>(
      "select post, tableoid::regclass::text as place from sentiment_scores order by post",
    );
    return Object.fromEntries(rows.map(({ post, place }) => [post, place]));
  };

  it("makes yesterday's to three days ahead, and moves there what came before them", async () => {
    await save("today", 0);
    await save("older", -5);
    const done = await keepPartitions(database.pool, days(0));
    expect(done.created).to.deep.equal(
      ["20261123", "20261124", "20261125", "20261126", "20261127"].map((day) => `sentiment_scores_${day}`),
    );
    await save("tomorrow", 1);
    expect(await where()).to.deep.equal({
      "reddit:older": "sentiment_scores_default",
      "reddit:today": "sentiment_scores_20261124",
      "reddit:tomorrow": "sentiment_scores_20261125",
    });
    expect(await keepPartitions(database.pool, days(0))).to.deep.equal({ created: [], dropped: [], deleted: 0 });
    expect((await keepPartitions(database.pool, days(1))).created).to.deep.equal(["sentiment_scores_20261128"]);
  });

  it("drops days that are older than they are kept, with their strays, and no day earlier", async () => {
    await keepPartitions(database.pool, days(0));
    await save("kept", 1);
    await save("gone", 0);
    await save("stray", -40);
    expect((await keepPartitions(database.pool, days(KEEP_DAYS))).dropped).to.deep.equal(["sentiment_scores_20261123"]);
    expect(Object.keys(await where())).to.deep.equal(["reddit:gone", "reddit:kept"]);
    const done = await keepPartitions(database.pool, days(KEEP_DAYS + 1));
    expect(done).to.deep.include({ dropped: ["sentiment_scores_20261124"], deleted: 0 });
    expect(Object.keys(await where())).to.deep.equal(["reddit:kept"]);
  });

  it("lets replicas pass each other by", async () => {
    const done = await Promise.all(Array.from({ length: 4 }, () => keepPartitions(database.pool, days(0))));
    expect(done.flatMap(({ created }) => created)).to.have.lengthOf(5);
  });

  it("goes on with writes beside it", async () => {
    const writes = Array.from({ length: 30 }, (_, i) => save(String(i), i % 5));
    await Promise.all([...writes, keepPartitions(database.pool, days(0)), keepPartitions(database.pool, days(2))]);
    expect(Object.keys(await where())).to.have.lengthOf(30);
  });

  it("asks TimescaleDB to drop, where the table is its own", async () => {
    // A plain table is what a hypertable looks like; the function stands in for the extension's, and tells how it was asked.
    await database.pool.query(`
      drop table sentiment_scores;
      create table sentiment_scores (time timestamptz);
      create function drop_chunks(relation regclass, older_than timestamptz) returns setof text language sql
        as $$ select relation || ' until ' || to_char(older_than at time zone 'UTC', 'YYYY-MM-DD HH24:MI') $$`);
    expect(await keepPartitions(database.pool, days(KEEP_DAYS))).to.deep.equal({
      created: [],
      dropped: ["sentiment_scores until 2026-11-24 00:00"],
      deleted: 0,
    });
  });

  it("outlives a Postgres that is away, and ends with its signal", async () => {
    const { log, lines } = collectingLog();
    const stop = new AbortController();
    const nowhere = createPool({ connectionString: "postgres://127.0.0.1:1/none", log: quiet, name: "test" });
    const keeping = keepPartitioned(nowhere, log, stop.signal);
    await until(() => lines.length > 0);
    stop.abort();
    await keeping;
    await nowhere.end();
    expect(lines.map(({ msg }) => msg)).to.deep.equal(["partitions could not be kept"]);
  });
});
