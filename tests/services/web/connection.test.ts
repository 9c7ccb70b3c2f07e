import { expect } from "chai";
import fc from "fast-check";
import { BACKOFF, delay } from "../../../services/web/src/stream/backoff.ts";
import {
  type Connection,
  describe as words,
  FIRST,
  type Happening,
  next,
} from "../../../services/web/src/stream/connection.ts";
import { silence } from "../../../services/web/src/stream/silence.ts";

const closed = (code: number, random = 0): Happening => ({ type: "closed", code, random });
const after = (...happenings: readonly Happening[]): Connection => happenings.reduce(next, FIRST);
const failed = [closed(1006), { type: "waited" }] as const;

describe("web: waiting before the next attempt", () => {
  it("doubles up to half a minute", () => {
    expect([0, 1, 2, 6, 50].map((attempt) => delay(attempt, 1))).to.deep.equal([500, 1_000, 2_000, 30_000, 30_000]);
  });

  it("lies between half of that and all of it, by chance", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (attempt, random) => {
        const [least, most] = [delay(attempt, 0), delay(attempt, 1)];
        const waited = delay(attempt, random);
        expect(waited).to.be.within(least, most);
        expect(least * 2).to.be.closeTo(most, 1);
        expect(most).to.be.at.most(BACKOFF.mostMilliseconds);
      }),
    );
  });
});

describe("web: the states of the connection", () => {
  it("waits longer after each attempt that fails", () => {
    const first = after(closed(1006));
    const third = after(...failed, ...failed, closed(1006));
    expect(first).to.deep.equal({ is: "waiting", attempt: 1, milliseconds: 250 });
    expect(third).to.deep.equal({ is: "waiting", attempt: 3, milliseconds: 1_000 });
  });

  it("does not begin anew after a connection that opens and closes at once", () => {
    const state = after(...failed, ...failed, { type: "opened" }, closed(1011));
    expect(state).to.deep.include({ is: "waiting", attempt: 3 });
  });

  it("begins anew after one that held", () => {
    const state = after(...failed, ...failed, { type: "opened" }, { type: "settled" }, closed(1006));
    expect(state).to.deep.include({ is: "waiting", attempt: 1 });
  });

  it("goes to another replica at once when its own one leaves", () => {
    const state = after(...failed, ...failed, ...failed, { type: "opened" }, closed(1001));
    expect(state).to.deep.equal({ is: "waiting", attempt: 1, milliseconds: 250 });
  });

  it("does not try without a network, and tries at once when it is back", () => {
    expect(after({ type: "opened" }, { type: "offline" }, { type: "waited" })).to.deep.equal({ is: "offline" });
    expect(after({ type: "offline" }, { type: "online" })).to.deep.equal(FIRST);
    expect(after(closed(1006), { type: "online" })).to.deep.equal(FIRST);
  });

  it("stays the same object where nothing changes, so that nothing is done twice", () => {
    const open = after({ type: "opened" });
    expect(next(open, { type: "settled" })).to.equal(open);
    expect(next(open, { type: "opened" })).to.equal(open);
    expect(next(open, { type: "online" })).to.equal(open);
    expect(next(FIRST, { type: "waited" })).to.equal(FIRST);
  });

  it("always has words, and never a wait beyond the longest, whatever happens in whatever order", () => {
    const happening = fc.oneof(
      fc.constantFrom<Happening[]>(
        { type: "opened" },
        { type: "settled" },
        { type: "waited" },
        { type: "offline" },
        { type: "online" },
      ),
      fc.record({
        type: fc.constant("closed" as const),
        code: fc.constantFrom(1000, 1001, 1006, 1013),
        random: fc.double({ min: 0, max: 1, noNaN: true }),
      }),
    );
    fc.assert(
      fc.property(fc.array(happening), (happenings) => {
        const state = after(...happenings);
        expect(words(state)).to.match(/^(Live|Connecting|Reconnecting|Offline)$/);
        if (state.is === "waiting") expect(state.milliseconds).to.be.within(250, BACKOFF.mostMilliseconds);
      }),
    );
  });
});

describe("web: a connection that is silent", () => {
  it("is asked after 25 seconds and given up after 35", () => {
    expect([0, 24_999, 25_000, 34_999, 35_000].map((now) => silence(0, now))).to.deep.equal([
      "fine",
      "fine",
      "ask",
      "ask",
      "dead",
    ]);
  });
});
