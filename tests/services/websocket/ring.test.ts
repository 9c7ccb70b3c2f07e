import { expect } from "chai";
import fc from "fast-check";

import { Ring } from "../../../services/websocket/ring.ts";

const update = (offset: number) => ({ partition: 0, offset, key: "A-B", data: Buffer.from(String(offset)) });
const offsets = (ring: Ring, from: number, count = Infinity) => ring.read(from, count).map(({ offset }) => offset);

describe("services/websocket/ring", () => {
  it("holds everything from heldFrom to next, and says so", () => {
    const ring = new Ring(3, 10);
    for (const offset of [10, 12, 13]) ring.push(update(offset));
    expect([ring.heldFrom, ring.next]).to.deep.equal([10, 14]);
    ring.push(update(15));
    expect([ring.heldFrom, ring.next]).to.deep.equal([11, 16]);
    expect(offsets(ring, 0)).to.deep.equal([12, 13, 15]);
    expect(offsets(ring, 13)).to.deep.equal([13, 15]);
    expect(offsets(ring, 14, 1)).to.deep.equal([15]);
    expect(offsets(ring, 16)).to.deep.equal([]);
  });

  it("refuses to go back", () => {
    const ring = new Ring(3, 10);
    ring.push(update(10));
    expect(() => ring.push(update(10))).to.throw(RangeError);
  });

  it("forgets on restart", () => {
    const ring = new Ring(2, 0);
    for (const offset of [0, 1, 2]) ring.push(update(offset));
    ring.restart(100);
    expect([ring.heldFrom, ring.next, offsets(ring, 0).length]).to.deep.equal([100, 100, 0]);
  });

  it("reads like a plain list would", () => {
    const steps = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 10 }), fc.nat(200), (gaps, capacity, from) => {
        const ring = new Ring(capacity, 0);
        const all: number[] = [];
        let offset = -1;
        for (const step of gaps) {
          offset += step;
          all.push(offset);
          ring.push(update(offset));
        }
        const held = all.slice(-capacity);
        expect(offsets(ring, from)).to.deep.equal(held.filter((each) => each >= from));
        expect(all.filter((each) => each >= ring.heldFrom)).to.deep.equal(held);
      }),
    );
  });
});
