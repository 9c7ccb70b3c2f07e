import { expect } from "chai";
import fc from "fast-check";

import { createDropRule } from "../../../services/shared/effectively-once.ts";

describe("services/shared/effectively-once", () => {
  it("drops what it has seen, product by product", () => {
    const isNew = createDropRule();
    expect([isNew("A-B", 0), isNew("A-B", 1), isNew("A-B", 1), isNew("A-B", 0), isNew("C-D", 0)]).to.deep.equal([
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it("yields each id once and in order, however contiguous runs of two owners interleave", () => {
    const runs = fc.array(fc.tuple(fc.nat(30), fc.integer({ min: 1, max: 40 }), fc.nat(10)), { minLength: 1 });
    fc.assert(
      fc.property(runs, (steps) => {
        const log: number[] = [];
        let highest = -1;
        let zombie: number[] = [];
        for (const [back, length, late] of steps) {
          const start = Math.max(0, highest + 1 - back);
          const run = Array.from({ length }, (_, i) => start + i);
          // What the former owner still had under way lands somewhere inside the new owner's run.
          run.splice(Math.min(late, run.length), 0, ...zombie);
          zombie = Array.from({ length: late }, (_, i) => start + i);
          log.push(...run);
          highest = Math.max(highest, ...run);
        }
        const isNew = createDropRule();
        const kept = log.filter((id) => isNew("A-B", id));
        expect(kept).to.deep.equal(Array.from({ length: highest + 1 }, (_, i) => i));
      }),
    );
  });
});
