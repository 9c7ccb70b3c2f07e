import { expect } from "chai";
import fc from "fast-check";

import { History, type Point, referenceSecond } from "../../../services/alert/history.ts";

/** The price at a second, by going through all trades. */
const naive = (points: readonly Point[], second: number) =>
  points.filter(({ at }) => Math.ceil(at / 1000) <= second).sort((a, b) => b.tradeId - a.tradeId)[0]?.level;

const points = fc.array(fc.integer({ min: -1_500, max: 3_000 }), { maxLength: 60 }).map((pauses) => {
  let at = 100_000;
  return pauses.map((pause, tradeId): Point => ({ tradeId, at: (at += pause), level: BigInt(tradeId) }));
});

describe("services/alert/history", () => {
  it("says what an unhurried look through all trades says, in whatever order they came", () => {
    const orders = points.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(orders, ([all, order]) => {
        const history = new History();
        for (const point of [...order, ...order]) history.add(point);
        for (let second = 90; second < 300; second += 1) {
          expect(history.at(second)).to.equal(naive(all, second));
        }
      }),
    );
  });

  it("keeps what may be asked for when it forgets", () => {
    const history = new History();
    const all = Array.from({ length: 5_000 }, (_, i): Point => ({ tradeId: i, at: i * 1000, level: BigInt(i) }));
    for (const point of all) {
      history.add(point);
      history.forgetBefore(point.at / 1000 - 100);
    }
    for (let second = 4_899; second < 5_000; second += 1) expect(history.at(second)).to.equal(BigInt(second));
    expect(history.at(3_000)).to.equal(undefined);
  });

  it("measures a change against the start of a whole second", () => {
    expect(referenceSecond(100_999, 60)).to.equal(40);
    expect(referenceSecond(101_000, 60)).to.equal(41);
  });
});
