import { expect } from "chai";

import { createStore, type Row, type Store } from "../../../services/data-ingestion/store.ts";
import { type Database, freshDatabase, needs } from "../support.ts";
import { range, trade } from "./trades.ts";

const row = (tradeId: number, offset: number, product = "A-B"): Row => {
  const { price, size, side, time, sequence } = trade(tradeId);
  return {
    message: { v: 1, product, tradeId, price, size, side, time, sequence, fence: 1 },
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
    await store.anchor(trade(40, "E-F"));
    await store.anchor(trade(40, "E-F"));
    const next = await store.nextIds(["C-D", "E-F", "G-H"]);
    expect([...next].sort()).to.deep.equal([
      ["C-D", 6],
      ["E-F", 40],
    ]);
    await store.save([row(40, 7, "E-F")]);
    expect([...(await store.nextIds(["E-F"]))]).to.deep.equal([["E-F", 41]]);
  });
});
