import { expect } from "chai";
import fc from "fast-check";
import { createRuleTable, pickGroup } from "../../../../targets/local/router/rules.ts";

const forward = [{ group: "blue", weight: 1 }];

describe("targets/local/router rules", () => {
  it("lets the lowest priority that matches decide, whatever the order they came in", () => {
    const table = createRuleTable();
    table.add({ priority: 100, paths: ["/*"], forward: [{ group: "default", weight: 1 }] });
    table.add({ priority: 10, paths: ["/*"], header: { name: "X-Trial", value: "s3cret" }, forward });
    expect([...(table.match("/prices", { "x-trial": "s3cret" })?.keys() ?? [])]).to.deep.equal(["blue"]);
    expect([...(table.match("/prices", { "x-trial": "other" })?.keys() ?? [])]).to.deep.equal(["default"]);
    expect([...(table.match("/prices", {})?.keys() ?? [])]).to.deep.equal(["default"]);
  });

  it("matches paths as an ALB: * any text, ? one character, case counts, the rest means itself", () => {
    const table = createRuleTable();
    table.add({ priority: 1, paths: ["/prices", "/v?/a.b/*"], forward });
    const matches = (path: string): boolean => table.match(path, {}) !== null;
    expect(["/prices", "/v1/a.b/", "/v2/a.b/c/d"].map(matches)).to.deep.equal([true, true, true]);
    expect(["/prices/", "/Prices", "/v10/a.b/c", "/v1/axb/c"].map(matches)).to.deep.equal([false, false, false, false]);
  });

  it("refuses what an ALB refuses", () => {
    const table = createRuleTable();
    const add = (rule: object) => () => table.add({ priority: 1, paths: ["/*"], forward, ...rule });
    expect(add({ priority: 0 })).to.throw("from 1 to 50000");
    expect(add({ paths: ["/a", "/b", "/c", "/d", "/e"], header: { name: "x", value: "y" } })).to.throw(
      "6 condition values",
    );
    expect(add({ paths: [] })).to.throw("0 condition values");
    expect(add({ forward: [{ group: "blue", weight: 1000 }] })).to.throw("from 0 to 999");
    expect(add({ forward: [] })).to.throw("no group");
    add({})();
    expect(add({})).to.throw("Another rule has priority 1");
    expect(() => table.setWeights(1, { green: 1 })).to.throw("does not forward to the group green");
    expect(() => table.setWeights(2, {})).to.throw("No rule has priority 2");
  });

  it("changes no weight when one of several is refused", () => {
    const table = createRuleTable();
    table.add({ priority: 1, paths: ["/*"], forward: [...forward, { group: "green", weight: 0 }] });
    expect(() => table.setWeights(1, { blue: 0, green: -1 })).to.throw("from 0 to 999");
    expect(table.weights(1)).to.deep.equal({ blue: 1, green: 0 });
  });

  it("picks each group in proportion to its weight, and none where all are 0", () => {
    const weights = fc.array(fc.integer({ min: 0, max: 999 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(weights, (list) => {
        const sum = list.reduce((a, b) => a + b, 0);
        const table = new Map(list.map((weight, index) => [`g${index}`, weight]));
        const hits = new Map<string | null, number>();
        for (let i = 0; i < sum; i += 1) {
          const group = pickGroup(table, (i + 0.5) / sum);
          hits.set(group, (hits.get(group) ?? 0) + 1);
        }
        for (const [group, weight] of table) expect(hits.get(group) ?? 0).to.equal(weight);
        if (sum === 0) expect(pickGroup(table, 0.5)).to.equal(null);
      }),
    );
  });
});
