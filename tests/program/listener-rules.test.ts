/** Where a rule stands on the listener. */
import { expect } from "chai";
import fc from "fast-check";
import { pathRules, priorities, VALUES_A_RULE } from "../../targets/alb/index.ts";

const paths = fc.uniqueArray(fc.stringMatching(/^\/[a-z]{1,8}(\/[a-z]{1,6})?(\/\*)?$/), {
  minLength: 1,
  maxLength: 12,
});

describe("listener rules", () => {
  it("hold every path once, within the limit on values", () => {
    fc.assert(
      fc.property(paths, fc.integer({ min: 1, max: VALUES_A_RULE }), (all, room) => {
        const rules = pathRules([{ service: "a", paths: all }], room);
        expect(rules.flatMap((rule) => rule.paths)).to.have.members(all);
        for (const rule of rules) expect(rule.paths.length).to.be.at.most(room);
      }),
    );
  });

  it("have priorities of their own, inside their band, whatever the paths", () => {
    fc.assert(
      fc.property(paths, (all) => {
        const rules = pathRules(
          all.map((path, index) => ({ service: `s${index}`, paths: [path] })),
          VALUES_A_RULE,
        );
        const trial = priorities(rules, "trial-ecs");
        const defaults = priorities(rules, "default");
        expect(new Set([...trial, ...defaults]).size).to.equal(trial.length + defaults.length);
        for (const place of [...trial, ...defaults]) expect(place).to.be.within(1, 50_000);
        expect(Math.max(...trial)).to.be.lessThan(priorities(rules, "traffic")[0] ?? 0);
      }),
    );
  });

  it("put the longer path first, and an exact one before its wildcard", () => {
    const rules = ["/*", "/api/*", "/api/v1/*", "/api/"].map((path) => ({ service: path, paths: [path] }));
    const [all = 0, api = 0, v1 = 0, exact = 0] = priorities(rules, "default");
    expect([v1, exact, api, all]).to.deep.equal([v1, exact, api, all].toSorted((a, b) => a - b));
  });

  it("stay where they are when another service comes", () => {
    const before = [{ service: "b", paths: ["/bbb/*"] }];
    const after = [{ service: "a", paths: ["/aaa/*"] }, ...before];
    expect(priorities(after, "default").at(-1)).to.equal(priorities(before, "default")[0]);
  });

  it("keep the bands of sides and of traffic apart", () => {
    const rules = [{ service: "a", paths: ["/"] }];
    const places = (["trial-ecs", "trial-eks", "trial-kubernetes", "traffic", "default"] as const).map(
      (band) => priorities(rules, band)[0] ?? 0,
    );
    expect(places).to.deep.equal(places.toSorted((a, b) => a - b));
    expect(new Set(places).size).to.equal(places.length);
  });
});
