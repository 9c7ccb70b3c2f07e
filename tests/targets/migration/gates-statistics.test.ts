import { expect } from "chai";
import fc from "fast-check";
import {
  chanceOfAtLeast,
  rateAtLeast,
  rateAtMost,
  samplesToClear,
} from "../../../targets/migration/gates-statistics.ts";

/** By definition: the sum over all cases. */
function bySum(failures: number, samples: number, rate: number): number {
  let term = (1 - rate) ** samples;
  let below = 0;
  for (let k = 0; k < failures; k++) {
    below += term;
    term *= ((samples - k) / (k + 1)) * (rate / (1 - rate));
  }
  return 1 - below;
}

const cases = fc
  .integer({ min: 1, max: 400 })
  .chain((samples) => fc.tuple(fc.integer({ min: 0, max: samples }), fc.constant(samples)));

describe("binomial bounds", () => {
  it("agree with the sum over all cases", () => {
    fc.assert(
      fc.property(cases, fc.double({ min: 0.001, max: 0.5, noNaN: true }), ([failures, samples], rate) => {
        expect(chanceOfAtLeast(failures, samples, rate)).to.be.closeTo(bySum(failures, samples, rate), 1e-9);
      }),
    );
  });

  it("agree with published intervals", () => {
    // Clopper-Pearson 95 % two-sided for 10 of 100: 4.90 % to 17.62 %
    expect(rateAtLeast(10, 100, 0.975)).to.be.closeTo(0.049, 0.0001);
    expect(rateAtMost(10, 100, 0.975)).to.be.closeTo(0.1762, 0.0001);
    // The rule of three: none of 100 is plausible up to about 3 %
    expect(rateAtMost(0, 100, 0.95)).to.be.closeTo(0.0295, 0.0001);
  });

  it("enclose the ratio, and know nothing without samples", () => {
    expect([rateAtLeast(0, 0, 0.99), rateAtMost(0, 0, 0.99)]).to.deep.equal([0, 1]);
    fc.assert(
      fc.property(cases, ([failures, samples]) => {
        expect(rateAtLeast(failures, samples, 0.999)).to.be.at.most(failures / samples);
        expect(rateAtMost(failures, samples, 0.99)).to.be.at.least(failures / samples);
      }),
    );
  });

  it("say how many good samples exclude a rate", () => {
    for (const rate of [0.1, 0.03, 0.005]) {
      const needed = samplesToClear(rate, 0.99);
      expect(rateAtMost(0, needed, 0.99)).to.be.at.most(rate);
      expect(rateAtMost(0, needed - 1, 0.99)).to.be.above(rate);
    }
  });

  it("stay exact with a million samples", () => {
    expect(rateAtMost(1000, 1_000_000, 0.99)).to.be.closeTo(0.001 + 2.33 * Math.sqrt(0.001 / 1_000_000), 0.000005);
  });
});
