import { expect } from "chai";

import { levelOf } from "../../../services/alert/decimal.ts";
import type { Past } from "../../../services/alert/past.ts";
import { HistoryBehind, Prices } from "../../../services/alert/prices.ts";
import { FRESH } from "../../../services/alert/rule.ts";
import { RuleBook } from "../../../services/alert/rule-book.ts";
import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { quiet } from "../support.ts";
import { rule } from "./rules.ts";

const START = Date.parse("2026-11-24T07:00:00Z");

const trade = (tradeId: number, price: string, second: number) => {
  const time = new Date(START + second * 1000).toISOString();
  const message: PriceMessage = {
    ...{ v: 1, product: "BTC-USD", tradeId, price, size: "1", side: "buy", time, sequence: null, fence: 1 },
    ...{ exchange: "coinbase", reference: true },
  };
  return { message, partition: 0, offset: String(tradeId) };
};

describe("services/alert/prices", () => {
  const book = new RuleBook();
  book.put({ rule: rule({ kind: "change", threshold: 10, windowSeconds: 60 }), state: FRESH });
  const asked: Parameters<Past["before"]>[] = [];
  let newest: number | null = 5;
  const past: Past = {
    before: (...given) => {
      asked.push(given);
      return Promise.resolve({ points: [{ tradeId: 8, at: START, level: levelOf("100") }], newest });
    },
  };

  it("waits for the trades before its first one to be stored, and judges changes against them then", async () => {
    const prices = new Prices(book, past, quiet);
    const messages = [trade(10, "109.99", 60), trade(11, "110", 60), trade(12, "120", 60)];
    const refusal: unknown = await prices.prepare(messages).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(HistoryBehind);
    newest = 9;
    await prices.prepare(messages);
    expect(asked.at(-1)).to.deep.equal(["BTC-USD", 10, START / 1000]);
    const turns = prices.observe(messages);
    expect(turns.map(({ observation }) => [observation.position, observation.value])).to.deep.equal([[11, "10"]]);
  });

  it("asks for the past once, and again where another has been at it", async () => {
    const prices = new Prices(book, past, quiet);
    asked.length = 0;
    await prices.prepare([trade(10, "1", 1)]);
    await prices.prepare([trade(11, "1", 2)]);
    expect(asked.length).to.equal(1);
    prices.forget();
    await prices.prepare([trade(10, "1", 1)]);
    expect(asked.length).to.equal(2);
  });

  it("does not judge a trade twice, nor wait for a product that has no past", async () => {
    const prices = new Prices(book, past, quiet);
    newest = null;
    const messages = [trade(10, "200", 60)];
    await prices.prepare(messages);
    prices.done(messages);
    expect(prices.observe(messages)).to.deep.equal([]);
  });
});
