import { expect } from "chai";
import fc from "fast-check";
import { type Check, judge, LIMITS, NO_SAMPLES, type Verdict } from "../../../targets/migration/gates.ts";
import type { SideSamples, Window } from "../../../targets/migration/stage.ts";
import { contextOf, gateOf, seen, side } from "./fixtures.ts";

const at50 = (window: Window): Verdict => judge(gateOf("gate-50"), window, contextOf(50));
const failing = ({ checks }: Verdict): string[] =>
  checks.filter(({ state }) => state === "fail").map(({ name }) => name);
const check = ({ checks }: Verdict, name: string): Check | undefined => checks.find((one) => one.name === name);
const PATIENCE_OVER = 181;

describe("judge", () => {
  it("passes a healthy side after the bake time, not before", () => {
    const sides = { ecs: side(1000), kubernetes: side(1000) };
    expect(at50(seen(sides)).state).to.equal("pass");
    expect(at50(seen(sides, { seconds: 59 })).state).to.equal("wait");
  });

  it("shows every figure with its limit, and a sentence", () => {
    const verdict = at50(seen({ ecs: side(1000), kubernetes: side(1000, 1) }));
    expect(check(verdict, "availability")).to.include({ measured: 99.9, relation: "≥", limit: 99, unit: "%" });
    expect(check(verdict, "p99")).to.deep.include({ measured: 30, limit: 2 * 30 + LIMITS.latency.p99.allowance });
    for (const { sentence } of verdict.checks) expect(sentence).to.match(/\.$/);
    expect(verdict.checks.map(({ name }) => name)).to.deep.equal([
      ...["samples", "distance from the weight", "availability", "errors, at least", "errors, at most"],
      ...["errors against the old side", "errors of the old side", "p50", "p95", "p99"],
      ...["stream updates", "stream gaps", "stream doubles", "consumer lag"],
    ]);
  });

  describe("without enough data", () => {
    it("waits, then fails", () => {
      const few = { ecs: side(1000), kubernetes: side(20) };
      expect(at50(seen(few)).state).to.equal("wait");
      const verdict = at50(seen(few, { seconds: PATIENCE_OVER }));
      expect(verdict.state).to.equal("fail");
      expect(failing(verdict)).to.include.members(["samples", "errors, at most"]);
    });

    it("never passes, whatever else is fine", () => {
      const empty = fc.constantFrom<SideSamples>(NO_SAMPLES, side(1), side(10));
      fc.assert(
        fc.property(empty, fc.integer({ min: 0, max: 10_000 }), fc.nat(5000), (green, seconds, blue) => {
          const verdict = at50(seen({ ecs: side(blue), kubernetes: green }, { seconds }));
          expect(verdict.state).to.not.equal("pass");
          if (seconds >= 180) expect(verdict.state).to.equal("fail");
        }),
      );
    });

    it("fails when the side is missing, no update flowed, or the lag is unknown", () => {
      const sides = { ecs: side(1000), kubernetes: side(1000) };
      const late = { seconds: PATIENCE_OVER };
      expect(failing(at50(seen({ ecs: side(1000) }, late)))).to.include("samples");
      expect(failing(at50(seen(sides, { ...late, streamUpdates: 0 })))).to.deep.equal(["stream updates"]);
      expect(failing(at50(seen(sides, { ...late, consumerLag: null })))).to.deep.equal(["consumer lag"]);
    });

    it("fails without anything of the old side to compare with", () => {
      const window = seen({ kubernetes: side(1000) }, { seconds: PATIENCE_OVER });
      const verdict = judge(gateOf("gate-100"), window, contextOf(100, null));
      expect(failing(verdict)).to.include.members(["p50", "errors against the old side"]);
    });
  });

  describe("error rates", () => {
    it("decide nothing on one 500 in 40 requests", () => {
      const verdict = judge(gateOf("gate-1"), seen({ ecs: side(3960), kubernetes: side(44, 1) }), contextOf(1));
      expect(verdict.state).to.equal("wait");
      const more = judge(gateOf("gate-1"), seen({ ecs: side(3960), kubernetes: side(150, 1) }), contextOf(1));
      expect(more.state).to.equal("pass");
    });

    it("fail before the bake time is over when they are proven", () => {
      const verdict = at50(seen({ ecs: side(100), kubernetes: side(100, 12) }, { seconds: 5 }));
      expect(verdict.state).to.equal("fail");
      expect(failing(verdict)).to.include("errors, at least");
    });

    it("of 1 in 20 never pass at 10 %, even by luck of a few samples", () => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 3000 }), (requests) => {
          const errors = Math.max(1, Math.round(requests / 20));
          const window = seen({ ecs: side(requests * 9), kubernetes: side(requests, errors) });
          expect(judge(gateOf("gate-10"), window, contextOf(10)).state).to.not.equal("pass");
        }),
      );
    });

    it("are held against the old side, too", () => {
      const verdict = at50(seen({ ecs: side(20_000), kubernetes: side(20_000, 150) }));
      expect(failing(verdict)).to.deep.equal(["errors against the old side"]);
    });

    it("of the old side count when its new neighbour makes it fail", () => {
      const verdict = at50(seen({ ecs: side(1000, 60), kubernetes: side(1000) }));
      expect(failing(verdict)).to.deep.equal(["errors of the old side"]);
    });
  });

  describe("latency", () => {
    it("lets 2 ms against 5 ms pass and 400 ms more fail, with as few samples as 1 % gives", () => {
      const noise = seen({ ecs: side(4356, 0, 2), kubernetes: side(44, 0, 5) });
      expect(judge(gateOf("gate-1"), noise, contextOf(1)).state).to.equal("pass");
      const slow = seen({ ecs: side(4356, 0, 2), kubernetes: side(44, 0, 402) });
      const verdict = judge(gateOf("gate-1"), slow, contextOf(1));
      expect(failing(verdict)).to.deep.equal(["p50"]);
      expect(verdict.sentence).to.contain("402 ms against 2.0 ms of ecs in the same window");
    });

    it("judges a tail only where it has one", () => {
      const verdict = judge(gateOf("gate-1"), seen({ ecs: side(4356), kubernetes: side(44) }), contextOf(1));
      expect(verdict.checks.filter(({ state }) => state === "skip").map(({ name }) => name)).to.deep.equal([
        "p95",
        "p99",
      ]);
    });

    it("compares with the old side as it last was when it carries nothing", () => {
      const verdict = judge(gateOf("gate-100"), seen({ kubernetes: side(2000) }), contextOf(100));
      expect(verdict.state).to.equal("pass");
      expect(check(verdict, "p50")?.sentence).to.contain("when it last carried enough");
    });
  });

  describe("flow", () => {
    const sides = { ecs: side(1000), kubernetes: side(1000) };
    it("waits for a gap to be filled, but not for a double to go away", () => {
      expect(at50(seen(sides, { streamGaps: 1 })).state).to.equal("wait");
      expect(at50(seen(sides, { streamGaps: 1, seconds: PATIENCE_OVER })).state).to.equal("fail");
      expect(at50(seen(sides, { streamDoubles: 1, seconds: 5 })).state).to.equal("fail");
    });
    it("bounds the consumer lag", () => {
      expect(failing(at50(seen(sides, { consumerLag: 1001, seconds: PATIENCE_OVER })))).to.deep.equal(["consumer lag"]);
    });
    it("notices traffic that does not follow the weights", () => {
      const verdict = at50(seen({ ecs: side(5000), kubernetes: side(500) }, { seconds: PATIENCE_OVER }));
      expect(failing(verdict)).to.deep.equal(["distance from the weight"]);
    });
  });

  const some = fc.record({
    requests: fc.integer({ min: 0, max: 4000 }),
    errors: fc.nat(40),
    p50: fc.double({ min: 0.5, max: 300, noNaN: true }),
    gaps: fc.constantFrom(0, 0, 0, 1),
    doubles: fc.constantFrom(0, 0, 0, 1),
    lag: fc.constantFrom(0, 900, 1000, 1001),
    updates: fc.constantFrom(0, 1, 500),
    seconds: fc.constantFrom(10, 60, 100, 180),
  });

  it("passes a side with the same samples as the old one", () => {
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 50_000 }), fc.double({ min: 0.1, max: 5000, noNaN: true }), (n, p50) => {
        const same = side(n, Math.floor(n / 500), p50);
        expect(at50(seen({ ecs: same, kubernetes: same })).state).to.equal("pass");
      }),
    );
  });

  it("is monotone: what is worse never turns a failure into a pass, nor a pass out of waiting", () => {
    const rank = { fail: 0, wait: 1, pass: 2 };
    const worse = fc.record({
      errors: fc.nat(50),
      slower: fc.double({ min: 1, max: 9, noNaN: true }),
      more: fc.nat(3),
    });
    fc.assert(
      fc.property(some, worse, ({ requests, p50, ...is }, by) => {
        const errors = Math.min(requests, is.errors);
        const look = (green: SideSamples, more: number): Verdict["state"] =>
          at50({
            ...seen({ ecs: side(requests), kubernetes: green }),
            seconds: is.seconds,
            streamGaps: is.gaps + more,
            streamDoubles: is.doubles + more,
            consumerLag: is.lag + more,
            streamUpdates: Math.max(0, is.updates - more),
          }).state;
        const before = look(side(requests, errors, p50), 0);
        const after = look(side(requests, Math.min(requests, errors + by.errors), p50 * by.slower), by.more);
        expect(rank[after]).to.be.at.most(rank[before]);
      }),
      { numRuns: 2000 },
    );
  });

  it("never throws and always concludes once patience is over", () => {
    fc.assert(
      fc.property(some, some, (green, blue) => {
        const of = (one: typeof green): SideSamples => side(one.requests, Math.min(one.requests, one.errors), one.p50);
        const window = seen({ ecs: of(blue), kubernetes: of(green) }, { seconds: 180 });
        expect(at50(window).state).to.be.oneOf(["pass", "fail"]);
      }),
    );
  });
});
