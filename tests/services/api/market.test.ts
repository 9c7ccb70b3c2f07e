import { expect } from "chai";

import { COINS } from "../../../services/api/coins.ts";
import type { Price } from "../../../services/api/stores/prices.ts";
import { type Database, freshDatabase, needs } from "../support.ts";
import { type Api, itemsOf, problem, startApi } from "./server.ts";

const NOW = Date.parse("2026-03-10T12:00:00Z");

describe("services/api market", () => {
  let database: Database;
  let api: Api;

  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    api = await startApi(this, database.url, { now: () => NOW });
    await database.pool.query(`insert into prices (product, trade_id, price, size, side, time)
      select p, i, 1.50, 0.10, 'buy', now() from unnest(array['BTC-USD', 'ETH-EUR', 'ADA-USD']) p, generate_series(1, 20) i`);
    await database.pool
      .query(`insert into sentiment_scores (symbol, post, time, source, score, confidence, model, received_at, hour_mean, hour_posts)
      values ('BTC', 'rss:1', '2026-03-10T11:00:00Z', 'rss', 1, 1, 'm', now(), 0, 1),
        ('BTC', 'rss:2', '2026-03-10T11:00:01Z', 'rss', 0.1, 1, 'm', now(), 0, 1),
        ('BTC', 'rss:3', '2026-03-10T11:59:59Z', 'rss', 0.2, 1, 'm', now(), 0, 1),
        ('BTC', 'rss:4', '2026-03-10T12:00:01Z', 'rss', -1, 1, 'm', now(), 0, 1),
        ('ETH', 'rss:1', '2026-03-10T11:30:00Z', 'rss', -0.5, 1, 'm', now(), 0, 1)`);
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  it("knows the latest trade of every product, and of one", async () => {
    const { body } = await api.anyone.get("/prices");
    const latest = body["prices"] as Price[];
    expect(latest.map(({ product, tradeId, price }) => [product, tradeId, price])).to.deep.equal([
      ["ADA-USD", 20, "1.50"],
      ["BTC-USD", 20, "1.50"],
      ["ETH-EUR", 20, "1.50"],
    ]);
    expect((await api.anyone.get("/prices/BTC-USD/latest")).body).to.deep.equal(latest[1]);
  });

  it("compares exchanges: the one that a product is known by first, then the others", async () => {
    await database.pool.query(`insert into product_exchanges values ('BTC-USD', 'coinbase')`);
    await database.pool.query(`insert into exchange_prices (exchange, product, trade_id, price, size, side, time)
      select e, 'BTC-USD', i, 1.51, 0.10, 'sell', now() from unnest(array['kraken', 'other']) e, generate_series(5, 9) i`);
    const { body } = await api.anyone.get("/prices/BTC-USD/exchanges");
    const shown = (body["items"] as Record<string, unknown>[]).map(({ exchange, reference, tradeId, price }) => [
      exchange,
      reference,
      tradeId,
      price,
    ]);
    expect(shown).to.deep.equal([
      ["coinbase", true, 20, "1.50"],
      ["kraken", false, 9, "1.51"],
      ["other", false, 9, "1.51"],
    ]);
    expect(problem(await api.anyone.get("/prices/NO-NE/exchanges"))).to.equal("404 not-found");
    // What the others trade is neither a latest price nor a page of trades.
    expect((await api.anyone.get("/prices/BTC-USD/latest")).body["price"]).to.equal("1.50");
  });

  it("pages by trade id, newest first, until there is no more", async () => {
    const ids: number[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await api.anyone.get(`/prices/BTC-USD?limit=8${cursor && `&cursor=${cursor}`}`);
      ids.push(...(body["prices"] as Price[]).map(({ tradeId }) => tradeId));
      cursor = body["nextCursor"] as string | null;
    }
    expect(ids).to.deep.equal(Array.from({ length: 20 }, (_, n) => 20 - n));
  });

  it("lists the coins with what they are traded as", async () => {
    const { body } = await api.anyone.get("/coins");
    const coins = body["items"] as { symbol: string; product: string | null }[];
    const product = (wanted: string) => coins.find(({ symbol }) => symbol === wanted)?.product;
    expect([product("BTC"), product("ETH"), product("SOL")]).to.deep.equal(["BTC-USD", "ETH-EUR", null]);
    expect([coins.length, body["next"]]).to.deep.equal([COINS.length, null]);
  });

  it("shows the last hour of every symbol that was spoken of", async () => {
    const { body } = await api.anyone.get("/sentiment");
    expect(body).to.deep.equal({
      from: "2026-03-10T11:00:00.000Z",
      to: "2026-03-10T12:00:00.000Z",
      items: [
        { symbol: "BTC", time: "2026-03-10T11:59:59.000Z", mean: 0.15, low: 0.1, high: 0.2, posts: 2 },
        { symbol: "ETH", time: "2026-03-10T11:30:00.000Z", mean: -0.5, low: -0.5, high: -0.5, posts: 1 },
      ],
      next: null,
    });
  });

  it("shows a symbol by interval, from the first that holds `from`", async () => {
    const answer = await api.anyone.get(
      "/sentiment/BTC?interval=15m&from=2026-03-10T11:05:00Z&to=2026-03-10T12:00:00Z",
    );
    expect(itemsOf(answer)).to.deep.equal([
      { time: "2026-03-10T11:00:00.000Z", mean: 0.55, low: 0.1, high: 1, posts: 2 },
      { time: "2026-03-10T11:45:00.000Z", mean: 0.2, low: 0.2, high: 0.2, posts: 1 },
    ]);
  });

  it("reads at most 31 days of posts, and makes what was left out fit", async () => {
    expect((await api.anyone.get("/sentiment/BTC?interval=1d")).body["from"]).to.equal("2026-02-08T00:00:00.000Z");
    const longer = await api.anyone.get("/sentiment/BTC?interval=1d&from=2026-02-07T00:00:00Z");
    expect(problem(longer)).to.equal("422 range-too-long");
    expect(problem(await api.anyone.get("/sentiment/NOCOIN"))).to.equal("404 not-found");
    expect(problem(await api.anyone.get("/sentiment/btc"))).to.equal("400 invalid-parameters");
  });

  it("answers from the cache the second time", async function () {
    const cached = await startApi(this, database.url, { redisUrl: needs(this, "REDIS_URL"), now: () => NOW });
    // A range of this run alone: other tests have the same Redis.
    const from = new Date(Date.UTC(1980, 0, 1) + Math.floor(Math.random() * 2e7) * 60_000).toISOString();
    const to = new Date(Date.parse(from) + 60_000).toISOString();
    const path = `/candles/BTC-USD?interval=1m&from=${from}&to=${to}`;
    const first = await cached.anyone.get(path);
    const second = await cached.anyone.get(path);
    await cached.stop();
    expect(first.status).to.equal(200);
    expect(second.text).to.equal(first.text);
    expect([first, second].map(({ headers }) => headers.get("x-cache"))).to.deep.equal(["miss", "hit"]);
  });
});
