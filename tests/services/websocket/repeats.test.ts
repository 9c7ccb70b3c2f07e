import { expect } from "chai";
import fc from "fast-check";

import { createRepeatRule } from "../../../services/websocket/repeats.ts";

describe("services/websocket/repeats", () => {
  it("decides as one would who looks the window through, whichever offset it began at", () => {
    const topic = fc.array(fc.record({ id: fc.nat(8), step: fc.integer({ min: 1, max: 3 }) }), { maxLength: 80 });
    fc.assert(
      fc.property(topic, fc.integer({ min: 1, max: 12 }), fc.nat(60), (entries, window, start) => {
        let next = 0;
        const messages = entries.map(({ id, step }) => ({ id: String(id), offset: (next += step) }));
        const late = createRepeatRule(window);
        for (const { id, offset } of messages) {
          if (offset < start) continue;
          const isNew = late(0, offset, id);
          if (offset < start + window) continue;
          const repeats = messages.some(
            (other) => other.id === id && other.offset < offset && other.offset >= offset - window,
          );
          expect(isNew).to.equal(!repeats);
        }
      }),
    );
  });

  it("keeps partitions apart", () => {
    const isNew = createRepeatRule(10);
    expect([isNew(0, 1, "a"), isNew(1, 1, "a"), isNew(0, 2, "a")]).to.deep.equal([true, true, false]);
  });
});
