import { expect } from "chai";
import fc from "fast-check";

import { Watch } from "../../../services/alert/watch.ts";
import { entryOf, naiveAlerts, observation, type Plain, rule } from "./rules.ts";

const alertsOf = (watch: Watch, values: readonly (readonly [number, number])[]): string[] =>
  values.flatMap(([value, at], i) =>
    watch
      .observe(observation(i + 1, value, at))
      .flatMap(({ entry, after, observation: { position } }) => (after.armed ? [] : [`${entry.rule.id} ${position}`])),
  );

const plain = fc.record({
  direction: fc.constantFrom("above" as const, "below" as const),
  threshold: fc.integer({ min: 90, max: 110 }),
  hysteresis: fc.integer({ min: 0, max: 6 }),
  cooldownMs: fc.constantFrom(0, 1, 3_000, 20_000),
});
/** Walks of small steps, whose clock runs on and now and then a little back. */
const walk = fc
  .array(fc.tuple(fc.integer({ min: -4, max: 4 }), fc.integer({ min: -200, max: 2_000 })), { maxLength: 150 })
  .map((steps) => {
    let [value, at] = [100, 1_000_000];
    return steps.map(([step, pause]) => [(value += step), (at += pause)] as const);
  });

describe("services/alert/watch", () => {
  it("alerts as a rule by itself that looks at every value", () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 30 }), walk, (given, values) => {
        const rules: Plain[] = given.map((one, i) => ({ ...one, id: `r${i}` }));
        const watch = new Watch();
        for (const one of rules) watch.add(entryOf(rule(one)));
        const seen = values.map(([value, at], i) => ({ position: i + 1, value, at }));
        expect(alertsOf(watch, values).sort()).to.deep.equal(naiveAlerts(rules, seen));
      }),
      { numRuns: 400 },
    );
  });

  it("turns nothing by what it has seen, from wherever it is shown again", () => {
    fc.assert(
      fc.property(fc.array(plain, { minLength: 1, maxLength: 10 }), walk, fc.nat(), (given, values, from) => {
        const watch = new Watch();
        for (const one of given) watch.add(entryOf(rule(one)));
        const all = values.map(([value, at], i) => observation(i + 1, value, at));
        for (const one of all) watch.observe(one);
        const again = all.slice(all.length === 0 ? 0 : from % all.length);
        expect(again.flatMap((one) => watch.observe(one))).to.deep.equal([]);
      }),
      { numRuns: 400 },
    );
  });

  const cases: [string, Parameters<typeof rule>[0], [number, number][], number[]][] = [
    ["tells at first sight what is beyond already, once", { threshold: 100 }, [[101, 1], [102, 2], [101, 3]], [1]], // prettier-ignore
    ["tells what touches the line by its last digit", { threshold: 100 }, [[99.99, 1], [100, 2]], [2]], // prettier-ignore
    ["tells each crossing when it needs to come back by nothing", { threshold: 100 }, [[100, 1], [99.99, 2], [100, 3]], [1, 3]], // prettier-ignore
    ["waits until it has come back by the hysteresis", { threshold: 100, hysteresis: 2 }, [[100, 1], [98.01, 2], [100, 3], [98, 4], [100, 5]], [1, 5]], // prettier-ignore
    ["looks below", { threshold: 100, hysteresis: 2, direction: "below" }, [[101, 1], [100, 2], [101.99, 3], [99, 4], [102, 5], [100, 6]], [2, 6]], // prettier-ignore
    ["tells after the cool-down what is still beyond", { threshold: 100, cooldownMs: 10 }, [[100, 1], [99, 2], [100, 3], [101, 10], [101, 11], [101, 12]], [1, 5]], // prettier-ignore
    ["does not tell what came back within the cool-down", { threshold: 100, cooldownMs: 10 }, [[100, 1], [99, 2], [100, 3], [99, 10], [99, 11], [100, 12]], [1, 6]], // prettier-ignore
    ["does not judge what was before the rule", { threshold: 100, since: 5 }, [[100, 4], [99, 5], [100, 6]], [3]], // prettier-ignore
  ];
  for (const [what, given, values, wanted] of cases) {
    it(what, () => {
      const watch = new Watch();
      const one = rule(given);
      watch.add(entryOf(one));
      expect(alertsOf(watch, values)).to.deep.equal(wanted.map((position) => `${one.id} ${position}`));
    });
  }

  it("lets ten thousand rules look at a thousand values in a moment", () => {
    const watch = new Watch();
    for (let i = 0; i < 10_000; i += 1) {
      const direction = i % 2 === 0 ? "above" : "below";
      watch.add(entryOf(rule({ threshold: 50_000 + (direction === "above" ? i : -i), hysteresis: 5, direction })));
    }
    watch.observe(observation(1, 50_000));
    const started = process.cpuUsage();
    for (let i = 2; i < 1_002; i += 1) watch.observe(observation(i, 50_000 + 200 * Math.sin(i / 50)));
    const { user } = process.cpuUsage(started);
    // Milliseconds of CPU. Going through all rules for each value is ten million judgements, which take seconds.
    expect(user / 1000).to.be.below(500);
  });

  it("forgets a rule that is taken out, and what it has seated over and over", () => {
    const watch = new Watch();
    const entry = entryOf(rule({ threshold: 100 }));
    watch.add(entry);
    for (let i = 0; i < 5_000; i += 1) watch.reseat(entry, entry.state);
    expect(watch.observe(observation(1, 100)).length).to.equal(1);
    watch.reseat(entry, { armed: true, alertedAt: null, position: null });
    watch.remove(entry);
    expect(watch.observe(observation(2, 100))).to.deep.equal([]);
    expect(watch.size).to.equal(0);
  });
});
