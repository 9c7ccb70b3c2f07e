/**
 * The real graph, broken in one place at a time: each break is noticed by the rule that is there for it. Which other rules
 * notice is in the golden file, so that a rule that begins to cry at everything shows in review.
 */
import { join } from "node:path";
import { expect } from "chai";
import { blocks } from "../../policies/framework/report.ts";
import { groups } from "../../policies/rules.ts";
import { expectGolden } from "../support/golden.ts";
import { compute } from "./mutations/compute.ts";
import { cost } from "./mutations/cost.ts";
import { data } from "./mutations/data.ts";
import { identity } from "./mutations/identity.ts";
import { groundOf, newlyFound, type Ground } from "./mutations/judge.ts";
import { kubernetes } from "./mutations/kubernetes.ts";
import { limits } from "./mutations/limits.ts";
import { BASES, type Base, type Row, type Table } from "./mutations/mutation.ts";
import { network } from "./mutations/network.ts";
import { observability } from "./mutations/observability.ts";
import { stack } from "./mutations/stack.ts";

const TABLES: Readonly<Record<string, Table>> = {
  ...{ limits, compute, kubernetes, network, data, identity, observability, cost, stack },
};
const FEWEST = 120;

const rows: readonly (readonly [base: Base, row: Row])[] = BASES.flatMap((base) =>
  Object.values(TABLES).flatMap((table) => (table[base] ?? []).map((row) => [base, row] as const)),
);

describe("the real graph, broken in one place", function () {
  this.timeout(180_000);
  const grounds = new Map<Base, Ground>();
  const noticed: Record<string, Record<string, string>> = {};
  before(async () => {
    await Promise.all(BASES.map(async (base) => grounds.set(base, await groundOf(base))));
  });
  const groundAt = (base: Base): Ground => {
    const ground = grounds.get(base);
    if (!ground) throw new Error(`No graph of ${base}.`);
    return ground;
  };

  for (const base of BASES) {
    it(`${base}: as it is, nothing that would stop a deployment`, () => {
      expect(
        groundAt(base)
          .violations.filter(blocks)
          .map(({ rule, resource, message }) => `${rule} ${resource} ${message}`),
      ).to.deep.equal([]);
    });
  }

  for (const [base, [what, change, rule]] of rows) {
    it(`${base}: ${what} → ${rule}`, () => {
      const found = newlyFound(groundAt(base), change);
      const levels = new Map(found.map((violation) => [violation.rule, violation.level]));
      const shown = [...levels].map(([name, level]) => (level === "mandatory" ? name : `${name} (${level})`));
      (noticed[base] ??= {})[what] = shown.sort().join(", ");
      expect([...levels.keys()]).to.include(rule);
    });
  }

  it("is noticed by the rules that were reviewed, and no others", () => {
    expectGolden(join(import.meta.dirname, "golden", "mutations.yaml"), noticed);
  });
});

describe("the list of mutations", () => {
  it(`has ${FEWEST} and more, each with a name of its own`, () => {
    expect(rows.length).to.be.at.least(FEWEST);
    const names = rows.map(([base, [what]]) => `${base}: ${what}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).to.deep.equal([]);
  });

  it("has one for every rule", () => {
    const covered = new Set(rows.map(([, [, , rule]]) => rule));
    const all = Object.values(groups).flat();
    const missing = all.map(({ name }) => name).filter((name) => !covered.has(name));
    expect(missing).to.deep.equal([]);
  });
});
