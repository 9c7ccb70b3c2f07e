import { expect } from "chai";
import fc from "fast-check";
import { allMonth, apportion, micros } from "../../../targets/cost/money.ts";

const amounts = fc.integer({ min: 0, max: 1e12 });
const weights = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 30 });
const total = (list: readonly number[]): number => list.reduce((sum, each) => sum + each, 0);

describe("money", () => {
  it("is whole micro-dollars", () => {
    expect(micros(21.957642)).to.equal(21_957_642);
    expect(micros(0.1, 3)).to.equal(300_000);
    expect(allMonth(0.1)).to.equal(73_000_000);
  });

  it("is divided to the last micro-dollar", () => {
    expect(apportion(100, [1, 1, 1])).to.deep.equal([34, 33, 33]);
    expect(apportion(10, [0, 3, 1])).to.deep.equal([0, 8, 2]);
    fc.assert(
      fc.property(amounts, weights, (amount, parts) => {
        const shares = apportion(amount, parts);
        expect(total(shares)).to.equal(amount);
        expect(shares.every((share) => Number.isInteger(share) && share >= 0)).to.equal(true);
      }),
    );
  });

  it("is divided in proportion: each part is within a micro-dollar of its exact share", () => {
    const ratios = fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(amounts, ratios, (amount, parts) => {
        const all = total(parts);
        apportion(amount, parts).forEach((share, index) => {
          const exact = (BigInt(amount) * BigInt(parts[index] ?? 0)) / BigInt(all);
          expect(Math.abs(share - Number(exact))).to.be.at.most(1);
        });
      }),
    );
  });

  it("goes to the first where nobody weighs anything, rather than to nobody", () => {
    expect(apportion(7, [0, 0])).to.deep.equal([7, 0]);
  });
});
