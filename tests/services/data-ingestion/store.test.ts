import { expect } from "chai";

import { CHORES } from "../../../services/data-ingestion/housekeeping.ts";
import { createStore, type Row, type Store } from "../../../services/data-ingestion/store.ts";
import { tidy } from "../../../services/shared/housekeeping.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { type Database, freshDatabase, needs } from "../support.ts";
import { range, trade } from "./trades.ts";

const KNOWN = { exchange: "coinbase", reference: true } as const;

const row = (tradeId: number, offset: number, product = "A-B", from: Partial<PriceMessage> = {}): Row => {
  const { price, size, side, time, sequence } = trade(tradeId);
  return {
    message: { v: 1, product, tradeId, price, size, side, time, sequence, fence: 1, ...KNOWN, ...from },
    partition: 0,
    offset: String(offset),
  };
};

describe("services/data-ingestion/store on Postgres", () => {
  let database: Database;
  let store: Store;
  before(async function () {
    database = await freshDatabase(needs(this, "DATABASE_URL"));
    store = createStore(database.pool);
  });
  after(async () => {
    await (database as Database | undefined)?.drop();
  });

  it("stores each trade once, also when one batch or two hold it twice", async () => {
    await store.save([row(1, 0), row(2, 1), row(1, 2)]);
    await Promise.all([store.save([row(2, 3), row(3, 4)]), store.save([row(2, 3), row(3, 4)])]);
    const { rows } = await database.pool.query(
      "select trade_id, kafka_offset from prices where product = 'A-B' order by 1",
    );
    expect(rows).to.deep.equal([
      { trade_id: "1", kafka_offset: "0" },
      { trade_id: "2", kafka_offset: "1" },
      { trade_id: "3", kafka_offset: "4" },
    ]);
  });

  it("continues after the last published trade, or with the anchor when nothing else is stored", async () => {
    await store.save(range(1, 5).map((id) => row(id, id, "C-D")));
    await store.anchor("coinbase", true, trade(40, "E-F"));
    await store.anchor("coinbase", true, trade(40, "E-F"));
    const products = ["C-D", "E-F", "G-H"];
    const since = trade(1).time;
    expect([...(await store.lines("coinbase", products, products))].sort()).to.deep.equal([
      ["C-D", { reference: true, next: 6, since }],
      ["E-F", { reference: true, next: 40, since }],
      ["G-H", { reference: true, next: undefined, since: undefined }],
    ]);
    await store.save([row(40, 7, "E-F")]);
    expect((await store.lines("coinbase", ["E-F"], [])).get("E-F")?.next).to.equal(41);
  });

  it("keeps a product known by the exchange that claimed it first, and the others' trades apart", async () => {
    await store.lines("coinbase", ["K-L"], ["K-L"]);
    await store.lines("kraken", ["K-L", "M-N"], ["K-L", "M-N"]);
    const kraken = { exchange: "kraken", reference: false } as const;
    await store.save([row(5, 0, "K-L"), row(5, 1, "K-L", kraken), row(6, 2, "K-L", kraken), row(5, 3, "K-L", kraken)]);
    await store.anchor("kraken", true, trade(9, "M-N"));
    const lines = await store.lines("kraken", ["K-L", "M-N"], []);
    expect([lines.get("K-L")?.reference, lines.get("K-L")?.next]).to.deep.equal([false, 7]);
    expect([lines.get("M-N")?.reference, lines.get("M-N")?.next]).to.deep.equal([true, 9]);
    expect((await store.lines("coinbase", ["K-L", "M-N"], ["M-N"])).get("M-N")?.reference).to.equal(false);
    const { rows } = await database.pool.query(
      "select 'prices' as table, count(*)::int from prices where product = 'K-L' union all select 'others', count(*)::int from exchange_prices",
    );
    expect(rows).to.deep.equal([
      { table: "prices", count: 1 },
      { table: "others", count: 2 },
    ]);
  });

  it("forgets trades of other exchanges after a week, and no others", async () => {
    const kraken = { exchange: "kraken", reference: false, time: "2020-01-01T00:00:00Z" } as const;
    await store.save(range(1, 7).map((id) => row(id, id, "O-P", kraken)));
    await store.save([row(1, 1, "O-P", { time: kraken.time })]);
    const { signal } = new AbortController();
    expect(await tidy(database.pool, CHORES, signal)).to.deep.equal({ exchange_prices: 7 });
    const { rows } = await database.pool.query("select trade_id from prices where product = 'O-P'");
    expect(rows.length).to.equal(1);
  });
});
