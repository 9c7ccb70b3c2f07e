import { expect } from "chai";

import { readPrice } from "../../../services/shared/topics/prices.ts";

const good = {
  v: 1,
  product: "BTC-USD",
  tradeId: 7,
  price: "60000.01",
  size: "0.5",
  side: "buy",
  time: "2026-11-24T07:00:00.123456Z",
  sequence: null,
  fence: 3,
};

const reasonOf = (value: unknown): string => {
  const read = readPrice(typeof value === "string" || value === null ? value : JSON.stringify(value));
  return read.ok ? "fits" : read.reason;
};

describe("services/shared/topics", () => {
  it("reads a trade", () => {
    const trade = { ...good, exchange: "kraken", reference: false };
    expect(readPrice(Buffer.from(JSON.stringify(trade)))).to.deep.equal({ ok: true, message: trade });
  });

  it("takes a trade of the time before the second exchange for one of the first", () => {
    const message = { ...good, exchange: "coinbase", reference: true };
    expect(readPrice(Buffer.from(JSON.stringify(good)))).to.deep.equal({ ok: true, message });
  });

  const unfit: [string, unknown, RegExp][] = [
    ["no value", null, /no value/],
    ["no JSON", "{", /not JSON/],
    ["an unknown version", { ...good, v: 2 }, /version 2/],
    ["no version", [], /version missing/],
    ["a price that is no decimal", { ...good, price: "1e5" }, /^price: /],
    ["a lower-case product", { ...good, product: "btc-usd" }, /^product: /],
    ["a time that is none", { ...good, time: "yesterday" }, /^time: /],
    ["an id beyond exact integers", { ...good, tradeId: 2 ** 53 }, /^tradeId: /],
  ];
  for (const [what, value, reason] of unfit) {
    it(`says why it refuses ${what}`, () => expect(reasonOf(value)).to.match(reason));
  }
});
