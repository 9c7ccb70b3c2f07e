import { expect } from "chai";

import { readPage } from "../../../../services/data-ingestion/exchanges/coinbase-rest.ts";
import { readFeed } from "../../../../services/data-ingestion/exchanges/coinbase.ts";

// As the exchange's documentation shows it.
const match = {
  type: "match",
  trade_id: 10,
  sequence: 50,
  maker_order_id: "ac928c66-ca53-498f-9c13-a110027a60e8",
  taker_order_id: "132fb6ae-456b-4654-b4e0-d681ac05cea1",
  time: "2014-11-07T08:19:27.028459Z",
  product_id: "BTC-USD",
  size: "5.23512",
  price: "400.23",
  side: "sell",
};

describe("services/data-ingestion/exchanges/coinbase", () => {
  it("reads trades, keeping text and microseconds as they are", () => {
    const expected = {
      product: "BTC-USD",
      tradeId: 10,
      price: "400.23",
      size: "5.23512",
      side: "sell",
      time: "2014-11-07T08:19:27.028459Z",
      sequence: 50,
    };
    for (const type of ["match", "last_match"]) {
      expect(readFeed(JSON.stringify({ ...match, type }))).to.deep.equal({ kind: "trade", trade: expected });
    }
    const row = { trade_id: 11, side: "buy", size: "1", price: "2", time: "2014-11-07T09:19:27+01:00" };
    expect(
      readPage("BTC-USD", [row, { ...row, trade_id: 10 }]).map(({ tradeId, time }) => [tradeId, time]),
    ).to.deep.equal([
      [10, "2014-11-07T08:19:27.000Z"],
      [11, "2014-11-07T08:19:27.000Z"],
    ]);
  });

  it("reads heartbeats, confirmations and refusals", () => {
    const beat = { type: "heartbeat", sequence: 90, last_trade_id: 20, product_id: "BTC-USD", time: match.time };
    expect(readFeed(JSON.stringify(beat))).to.deep.equal({ kind: "heartbeat", product: "BTC-USD", lastTradeId: 20 });
    expect(readFeed('{"type":"subscriptions","channels":[]}').kind).to.equal("subscribed");
    expect(readFeed('{"type":"error","message":"no","reason":"why"}')).to.deep.equal({
      kind: "refused",
      reason: "no: why",
    });
  });

  for (const text of ["", "{", "null", "[]", '{"type":"ticker"}', JSON.stringify({ ...match, price: "NaN" })]) {
    it(`does not throw on ${text.slice(0, 40) || "nothing"}`, () => expect(readFeed(text).kind).to.equal("unknown"));
  }
});
