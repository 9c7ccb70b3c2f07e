import { expect } from "chai";
import { crossings, type Trade } from "../../../../targets/migration/load/crossings.ts";

const trades = (...prices: readonly string[]): readonly Trade[] =>
  prices.map((price, index) => ({ id: index + 1, price, at: 1000 + index }));
const above = { direction: "above", threshold: "100.00", hysteresis: "1.00", since: 0 } as const;
const ids = (found: readonly Trade[]): readonly number[] => found.map(({ id }) => id);

describe("targets/migration/load/crossings", () => {
  it("alerts at the line itself, and again only after the way back by the hysteresis", () => {
    const walk = trades("99.99", "100.00", "100.50", "99.01", "100.20", "99.00", "100.00");
    expect(ids(crossings(above, walk))).to.deep.equal([2, 7]);
  });

  it("below is its mirror image", () => {
    const walk = trades("100.01", "100.00", "99.00", "100.99", "99.99", "101.00", "100.00");
    expect(ids(crossings({ ...above, direction: "below" }, walk))).to.deep.equal([2, 7]);
  });

  it("does not judge what happened before the rule", () => {
    expect(ids(crossings({ ...above, since: 1001 }, trades("100.00", "100.00", "100.00")))).to.deep.equal([2]);
  });

  it("finds nothing where nothing crosses", () => {
    expect(crossings(above, trades("98.00", "99.99"))).to.deep.equal([]);
    expect(crossings(above, [])).to.deep.equal([]);
  });
});
