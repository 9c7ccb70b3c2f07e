import { expect } from "chai";
import fc from "fast-check";

import { decimalOf, levelOf, levelOfChange, shown } from "../../../services/alert/decimal.ts";

describe("services/alert/decimal", () => {
  it("tells values apart that a float does not", () => {
    expect(Number("100000.000000000000000001") === Number("100000")).to.equal(true);
    expect(levelOf("100000.000000000000000001") > levelOf("100000")).to.equal(true);
    expect(levelOf("0.30") === levelOf("0.3")).to.equal(true);
    expect(levelOf("-0.1") < levelOf("0")).to.equal(true);
  });

  it("refuses what is no decimal or finer than it can tell", () => {
    for (const text of ["", "abc", "1.", ".5", "0x1", "NaN", "1e-19", "0.0000000000000000001"]) {
      expect(() => levelOf(text), text).to.throw(RangeError);
    }
  });

  it("orders changes as cross multiplication does", () => {
    const price = fc.bigInt({ min: 1n, max: 10n ** 12n });
    const percent = fc.integer({ min: -200, max: 200 });
    fc.assert(
      fc.property(price, price, percent, (from, to, line) => {
        const change = levelOfChange(levelOf(String(from)), levelOf(String(to)));
        const [found, wanted] = [(to - from) * 100n, BigInt(line) * from];
        const level = levelOf(String(line));
        expect(change >= level).to.equal(found >= wanted);
        expect(change <= level).to.equal(found <= wanted);
        expect(change > level).to.equal(found > wanted);
      }),
      { numRuns: 500 },
    );
  });

  it("says of a third that it lies between its neighbours", () => {
    const third = levelOfChange(levelOf("3"), levelOf("4"));
    expect(third > levelOf("33.333333333333333333")).to.equal(true);
    expect(third < levelOf("33.333333333333333334")).to.equal(true);
    expect(levelOfChange(levelOf("3"), levelOf("2")) > levelOf("-33.333333333333333334")).to.equal(true);
    expect(levelOfChange(levelOf("3"), levelOf("2")) < levelOf("-33.333333333333333333")).to.equal(true);
  });

  it("shows levels cut towards zero", () => {
    const cases: [string, string][] = [
      ["4.999999999", "4.99999999"],
      ["-4.999999999", "-4.99999999"],
      ["12", "12"],
      ["-0.000000001", "0"],
      ["0.5", "0.5"],
    ];
    for (const [given, wanted] of cases) expect(shown(levelOf(given)), given).to.equal(wanted);
  });

  it("writes floats without an exponent", () => {
    const cases: [number, string][] = [
      [0.25, "0.25"],
      [-1, "-1"],
      [0, "0"],
      [1.2e-7, "0.00000012"],
      [-3e-18, "-0.000000000000000003"],
      [4e-19, "0"],
      [0.000001234567890123456, "0.000001234567890123"],
    ];
    for (const [given, wanted] of cases) expect(decimalOf(given), String(given)).to.equal(wanted);
  });

  it("reads every float of a mean that it has written", () => {
    fc.assert(
      fc.property(fc.double({ min: -1, max: 1, noNaN: true }), (mean) => {
        const text = decimalOf(mean);
        expect(text).to.match(/^-?\d(\.\d{1,18})?$/);
        expect(Math.abs(Number(text) - mean)).to.be.below(1e-17 + Math.abs(mean) * 1e-15);
        levelOf(text);
      }),
    );
  });
});
