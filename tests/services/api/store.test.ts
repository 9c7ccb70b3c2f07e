import { randomUUID } from "node:crypto";

import { expect } from "chai";

import { createStore, type Store } from "../../../services/api/store.ts";
import { createPool } from "../../../services/shared/postgres.ts";
import { connectRedis } from "../../../services/shared/redis.ts";
import { type Database, freshDatabase, needs, quiet, unique } from "../support.ts";

const wanted = { name: "mine", products: ["BTC-USD", "ETH-USD"] };

describe("services/api/store on Postgres", () => {
  let database: Database;
  let store: Store;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    store = createStore(database.pool);
    await database.pool.query(`insert into prices (product, trade_id, price, size, side, time)
      select p, i, 1.50, 0.10, 'buy', now() from unnest(array['BTC-USD', 'ETH-USD', 'ADA-USD']) p, generate_series(1, 20) i`);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  it("knows the latest trade of every product", async () => {
    const latest = await store.latestPrices();
    expect(latest.map(({ product, tradeId, price }) => [product, tradeId, price])).to.deep.equal([
      ["ADA-USD", 20, "1.50"],
      ["BTC-USD", 20, "1.50"],
      ["ETH-USD", 20, "1.50"],
    ]);
  });

  it("pages backwards", async () => {
    const ids = (await store.prices("BTC-USD", 3, 10)).map(({ tradeId }) => tradeId);
    expect(ids).to.deep.equal([9, 8, 7]);
  });

  it("makes one row of the same request, however often and at once it comes", async () => {
    const key = randomUUID();
    const made = await Promise.all(Array.from({ length: 20 }, () => store.createWatchlist(key, wanted)));
    expect(made.filter(({ outcome }) => outcome === "created")).to.have.length(1);
    const ids = new Set(made.map((creation) => (creation.outcome === "conflict" ? "" : creation.watchlist.id)));
    expect(ids.size).to.equal(1);
    const { rows } = await database.pool.query("select 1 from watchlists where idempotency_key = $1", [key]);
    expect(rows).to.have.length(1);
    expect(await store.createWatchlist(key, { ...wanted, name: "other" })).to.deep.equal({ outcome: "conflict" });
  });

  it("finds and deletes", async () => {
    const creation = await store.createWatchlist(randomUUID(), wanted);
    const id = creation.outcome === "conflict" ? "" : creation.watchlist.id;
    expect(await store.watchlist(id)).to.include({ id, name: "mine" });
    expect(await store.deleteWatchlist(id)).to.equal(true);
    expect(await store.deleteWatchlist(id)).to.equal(false);
    expect(await store.watchlist(id)).to.equal(undefined);
  });

  it("does not notice that its connections were cut", async () => {
    const name = unique("cut");
    const pool = createPool({ connectionString: database.url, log: quiet, name });
    const cut = createStore(pool);
    await Promise.all([cut.check(), cut.check(), cut.check()]);
    await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = $1", [
      name,
    ]);
    await cut.check();
    expect(await cut.createWatchlist(randomUUID(), wanted)).to.include({ outcome: "created" });
    await pool.end();
  });
});

describe("services/shared/redis", () => {
  it("keeps and forgets", async function () {
    const redis = connectRedis({ url: needs(this, "REDIS_URL"), log: quiet, commandTimeout: 2_000 });
    const key = unique("key");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await redis.ping();
    await redis.set(key, "x", 60_000);
    expect(await redis.get(key)).to.equal("x");
    await redis.close();
  });

  it("rejects at once while Redis is away", async () => {
    const redis = connectRedis({ url: "redis://127.0.0.1:1", log: quiet });
    const failed = await redis.get("x").then(
      () => false,
      () => true,
    );
    expect(failed).to.equal(true);
    await redis.close();
  });
});
