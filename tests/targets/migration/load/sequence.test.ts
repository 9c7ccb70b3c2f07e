import { expect } from "chai";
import fc from "fast-check";
import { createSequence } from "../../../../targets/migration/load/sequence.ts";

const after = (ids: readonly number[]) => {
  const sequence = createSequence();
  for (const id of ids) sequence.record(id);
  return sequence.state();
};

describe("createSequence", () => {
  it("sees nothing at first", () => {
    expect(after([])).to.deep.equal({ first: null, last: null, seen: 0, missing: 0, doubled: 0, examples: [] });
  });
  it("calls a jump a gap until it is filled, and a repetition a double", () => {
    expect(after([5, 6, 9])).to.include({ missing: 2, doubled: 0 });
    expect(after([5, 6, 9, 8])).to.deep.include({ missing: 1, examples: [7] });
    expect(after([5, 6, 9, 8, 7])).to.include({ missing: 0, doubled: 0, seen: 5, last: 9 });
    expect(after([5, 6, 6, 5])).to.deep.include({ missing: 0, doubled: 2, examples: [6, 5] });
  });
  it("holds a long jump without a list of it", () => {
    expect(after([1, 2_000_000_000])).to.include({ missing: 1_999_999_998 });
  });
  it("counts rightly whatever comes in whatever order, from the first one on", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { maxLength: 80 }), (rest) => {
        const ids = [0, ...rest];
        const distinct = new Set(ids);
        const state = after(ids);
        expect(state.seen).to.equal(distinct.size);
        expect(state.doubled).to.equal(ids.length - distinct.size);
        expect(state.missing).to.equal(Math.max(...ids) + 1 - distinct.size);
      }),
    );
  });
});
