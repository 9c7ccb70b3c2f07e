import { expect } from "chai";
import fc from "fast-check";
import { fargateSize } from "../../../targets/ecs/sizing.ts";

/** Every pair that Fargate sells, written out from the table of the AWS docs, in MiB. */
const range = (from: number, to: number, step: number): number[] =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1024);
const PAIRS: readonly (readonly [cpu: number, memory: readonly number[]])[] = [
  [256, [512, 1024, 2048]],
  [512, range(1, 4, 1)],
  [1024, range(2, 8, 1)],
  [2048, range(4, 16, 1)],
  [4096, range(8, 30, 1)],
  [8192, range(16, 60, 4)],
  [16384, range(32, 120, 8)],
];
const ALL = PAIRS.flatMap(([cpu, memories]) => memories.map((memory) => ({ cpu, memory })));
const cost = ({ cpu, memory }: { cpu: number; memory: number }): number =>
  (cpu / 1024) * 0.04048 + (memory / 1024) * 0.004445;

describe("fargateSize", () => {
  it("leaves a pair of the table as it is", () => {
    for (const pair of ALL) expect(fargateSize(pair, "x")).to.deep.equal({ ok: true, value: pair });
  });

  it("returns the cheapest pair that holds both", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 16384 }), fc.integer({ min: 1, max: 122_880 }), (cpu, memory) => {
        const holding = ALL.filter((pair) => pair.cpu >= cpu && pair.memory >= memory);
        const cheapest = Math.min(...holding.map(cost));
        const size = fargateSize({ cpu, memory }, "x");
        expect(size.ok && holding).to.deep.include(size.ok ? size.value : {});
        expect(size.ok ? cost(size.value) : NaN).to.be.closeTo(cheapest, 1e-9);
      }),
    );
  });

  it("refuses what no pair holds, with what was asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 16385, max: 1e6 }), fc.integer({ min: 1, max: 1e6 }), (cpu, memory) => {
        const size = fargateSize({ cpu, memory }, "services.x.compute");
        expect(!size.ok && size.problems.map(({ code, path }) => [code, path])).to.deep.equal([
          ["fargate-size", "services.x.compute"],
        ]);
      }),
    );
    expect(fargateSize({ cpu: 1, memory: 122_881 }, "x").ok).to.equal(false);
  });
});
