import { expect } from "chai";
import fc from "fast-check";
import { createLatencies } from "../../../../targets/migration/load/latencies.ts";

describe("createLatencies", () => {
  it("knows nothing without values", () => {
    expect(createLatencies().percentiles()).to.deep.equal({ count: 0, p50: null, p95: null, p99: null });
  });
  it("is within 2 % of the exact percentiles", () => {
    const values = fc.array(fc.double({ min: 0.02, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, (all) => {
        const latencies = createLatencies();
        for (const value of all) latencies.record(value);
        const sorted = [...all].sort((a, b) => a - b);
        const { p50, p95, p99 } = latencies.percentiles();
        for (const [share, found] of [
          [0.5, p50],
          [0.95, p95],
          [0.99, p99],
        ] as const) {
          const exact = sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
          expect((found ?? 0) / exact).to.be.closeTo(1, 0.021);
        }
      }),
    );
  });
  it("takes zero and less as the smallest", () => {
    const latencies = createLatencies();
    for (const value of [0, -1]) latencies.record(value);
    expect(latencies.percentiles().p99).to.be.below(0.02);
  });
});
