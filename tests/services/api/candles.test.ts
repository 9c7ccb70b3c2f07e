/** Candles against what the trades themselves say, computed here in whole numbers. */
import { fileURLToPath } from "node:url";

import { expect } from "chai";
import { runner } from "node-pg-migrate";

import { createStore } from "../../../services/data-ingestion/store.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { type Database, freshDatabase, needs } from "../support.ts";
import { type Api, faults, itemsOf, problem, startApi } from "./server.ts";

interface Trade {
  readonly id: number;
  /** Units of 10⁻¹⁸. */
  readonly price: bigint;
  readonly size: bigint;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const LENGTHS = { "1m": 60, "5m": 300, "15m": 900, "1h": 3_600, "4h": 14_400, "1d": 86_400 } as const;
const BEGIN = Date.parse("2026-03-01T00:00:00Z");
const DAYS = 3;
const DIGITS = 18;
const SILENT = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** The same numbers on every run. @source Numerical Recipes, "Quick and dirty generators": these constants */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Trades whose times jitter against their ids, with digits that no float holds, and hours without any. */
function trades(count: number, seed: number): readonly Trade[] {
  const random = createRandom(seed);
  const digits = (most: number): bigint =>
    BigInt(Math.floor(random() * 1e9)) * 10n ** BigInt(Math.floor(random() * most)) + 1n;
  return Array.from({ length: count }, (_, index) => {
    const even = (index / count) * DAYS * 86_400_000;
    const at = BEGIN + Math.floor(even + (random() - 0.5) * 90_000);
    return { id: index + 1, price: digits(14), size: digits(12), at: Math.max(BEGIN, at) };
  }).filter(({ at }) => Math.floor(at / 3_600_000) % 5 !== 0);
}

const decimal = (units: bigint): string => {
  const text = units.toString().padStart(DIGITS + 1, "0");
  return `${text.slice(0, -DIGITS)}.${text.slice(-DIGITS)}`;
};
const unitsOf = (text: unknown): bigint => {
  const [whole = "", fraction = ""] = String(text).split(".");
  return BigInt(whole + fraction.padEnd(DIGITS, "0"));
};

function expected(all: readonly Trade[], seconds: number) {
  const intervals = new Map<number, Trade[]>();
  for (const trade of all) {
    const start = Math.floor(trade.at / (seconds * 1000)) * seconds * 1000;
    intervals.set(start, [...(intervals.get(start) ?? []), trade]);
  }
  return [...intervals]
    .sort(([a], [b]) => a - b)
    .map(([start, inside]) => {
      const byId = [...inside].sort((a, b) => a.id - b.id);
      const prices = inside.map(({ price }) => price);
      return {
        time: new Date(start).toISOString(),
        open: byId[0]?.price,
        high: prices.reduce((a, b) => (a > b ? a : b)),
        low: prices.reduce((a, b) => (a < b ? a : b)),
        close: byId.at(-1)?.price,
        volume: inside.reduce((sum, { size }) => sum + size, 0n),
        trades: inside.length,
      };
    });
}

const shown = (item: Record<string, unknown>) => ({
  time: item["time"],
  open: unitsOf(item["open"]),
  high: unitsOf(item["high"]),
  low: unitsOf(item["low"]),
  close: unitsOf(item["close"]),
  volume: unitsOf(item["volume"]),
  trades: item["trades"],
});

const message = (product: string, { id, price, size, at }: Trade): PriceMessage => ({
  ...{ v: 1, product, tradeId: id, price: decimal(price), size: decimal(size), side: "buy" },
  ...{ exchange: "coinbase", reference: true },
  ...{ time: new Date(at).toISOString(), sequence: null, fence: 1 },
});

describe("services/api candles", () => {
  const all = trades(2_000, 7);
  const later = Date.parse("2026-03-10T00:00:00Z");
  let database: Database;
  let api: Api;

  /** As the writer does, in batches that come in any order, twice, and by two writers at once. */
  const store = async (product: string, given: readonly Trade[]): Promise<void> => {
    const writers = [createStore(database.pool), createStore(database.pool)];
    const random = createRandom(given.length);
    const [first] = given;
    if (first) await writers[0]?.anchor("coinbase", true, message(product, first));
    const rows = given.map((trade) => ({ message: message(product, trade), partition: 0, offset: String(trade.id) }));
    const batches = Array.from({ length: Math.ceil(rows.length / 50) }, (_, n) => rows.slice(n * 50, n * 50 + 60));
    const twice = [...batches, ...batches].sort(() => random() - 0.5);
    await Promise.all(
      writers.map(async (writer, own) => {
        for (const [n, batch] of twice.entries()) if (n % 2 === own) await writer.save(batch);
      }),
    );
  };
  const candles = (query: string, product = "BTC-USD") => api.anyone.get(`/candles/${product}?${query}`);
  const whole = `from=${new Date(BEGIN).toISOString()}&to=${new Date(BEGIN + DAYS * 86_400_000).toISOString()}`;

  before(async function () {
    this.timeout(60_000);
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    await store("BTC-USD", all);
    await store("ETH-USD", trades(200, 8));
    api = await startApi(this, database.url, { now: () => later });
  });
  after(async () => {
    await (api as Api | undefined)?.stop();
    await (database as Database | undefined)?.drop();
  });

  for (const interval of ["5m", "15m", "1h", "4h", "1d"] as const) {
    it(`are what the trades of each ${interval} say, to the last digit`, async () => {
      const { status, body } = await candles(`interval=${interval}&${whole}`);
      expect(status).to.equal(200);
      const items = body["items"] as Record<string, unknown>[];
      expect(items.map(shown)).to.deep.equal(expected(all, LENGTHS[interval]));
      expect(items.length).to.be.greaterThan(DAYS - 1);
    });
  }

  it("are so by the minute, a day at a time, which leaves out what lies beyond", async () => {
    const days = Array.from({ length: DAYS }, (_, n) => BEGIN + n * 86_400_000);
    const items: Record<string, unknown>[] = [];
    for (const day of days) {
      const [from, to] = [day, day + 86_400_000].map((at) => new Date(at).toISOString());
      items.push(...itemsOf(await candles(`interval=1m&from=${from ?? ""}&to=${to ?? ""}`)));
    }
    expect(items.map(shown)).to.deep.equal(expected(all, 60));
  });

  it("are whole also where the range begins and ends inside of one", async () => {
    const { body } = await candles("interval=4h&from=2026-03-01T05:30:00Z&to=2026-03-01T12:00:01Z");
    expect([body["from"], body["to"]]).to.deep.equal(["2026-03-01T04:00:00.000Z", "2026-03-01T16:00:00.000Z"]);
    const inside = expected(all, 14_400).filter(({ time }) => time >= "2026-03-01T04" && time < "2026-03-01T16");
    expect((body["items"] as Record<string, unknown>[]).map(shown)).to.deep.equal(inside);
  });

  it("reach back 300 hours from now when nothing is said", async () => {
    const { body } = await candles("");
    expect([body["from"], body["to"], body["interval"]]).to.deep.equal([
      "2026-02-25T12:00:00.000Z",
      "2026-03-10T00:00:00.000Z",
      "1h",
    ]);
    expect((body["items"] as unknown[]).length).to.equal(expected(all, 3_600).length);
  });

  it("are none for a while without trades, and not found for a product without any", async () => {
    const nothing = await candles("from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z");
    expect([nothing.status, nothing.body["items"]]).to.deep.equal([200, []]);
    expect(problem(await candles(whole, "NO-NE"))).to.equal("404 not-found");
  });

  it("are at most 1,500", async () => {
    const to = new Date(BEGIN + 1_500 * 60_000).toISOString();
    const most = `interval=1m&from=${new Date(BEGIN).toISOString()}&to=`;
    expect((await candles(most + to)).status).to.equal(200);
    expect(problem(await candles(most + to.replace("00.000Z", "00.001Z")))).to.equal("422 range-too-long");
  });

  it("refuse ranges that are none", async () => {
    const backwards = await candles("from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z");
    expect([problem(backwards), ...faults(backwards)]).to.deep.equal(["400 invalid-parameters", "from"]);
    const unfit = await candles("from=yesterday&to=9999-01-01T00:00:00Z&interval=2h");
    expect([problem(unfit), ...faults(unfit)]).to.deep.equal(["400 invalid-parameters", "interval", "from", "to"]);
  });

  it("of the past may be kept longer than those of now", async () => {
    const cacheControl = async (query: string) => (await candles(query)).headers.get("cache-control");
    expect(await cacheControl(whole)).to.equal("public, max-age=60");
    expect(await cacheControl("")).to.equal("public, max-age=1");
  });

  it("read one row for each minute or hour, however many trades there were", async () => {
    const { rows } = await database.pool.query<{ seconds: number; rows: string; trades: string }>(
      "select seconds, count(*) as rows, sum(trades) as trades from candles where product = 'BTC-USD' group by 1 order by 1",
    );
    expect(rows.map(({ rows, trades }) => [Number(rows), Number(trades)])).to.deep.equal([
      [expected(all, 60).length, all.length],
      [expected(all, 3_600).length, all.length],
    ]);
  });

  it("are made of trades that were there before them, too", async () => {
    const look = async () =>
      (await database.pool.query("select * from candles order by product, seconds, start")).rows as unknown[];
    const held = await look();
    const { rows } = await database.pool.query<{ schema: string; newer: number }>(
      `select current_schema() as schema, count(*)::int as newer from migrations
       where id >= (select id from migrations where name like '8\\_%')`,
    );
    const [{ schema, newer }] = rows as [{ schema: string; newer: number }];
    const migrate = (direction: "up" | "down", count: number) =>
      runner({
        ...{ databaseUrl: database.url, direction, count, schema, migrationsTable: "migrations", logger: SILENT },
        dir: fileURLToPath(new URL("../../../services/migrations/migrations", import.meta.url)),
      });
    await migrate("down", newer);
    await migrate("up", newer);
    expect(await look()).to.deep.equal(held);
    expect(held.length).to.be.greaterThan(DAYS);
  });
});
