/** Every resource that a stack registers, by type and name: what comes or goes shows in review. */
import { join } from "node:path";
import { expect } from "chai";
import { expectGolden } from "../support/golden.ts";
import { runProgram } from "./support/run.ts";

const TARGETS = [
  ["ecs", ""],
  ["eks", "-eks"],
] as const;
const CASES = ["dev", "prod"].flatMap((stack) => TARGETS.map(([target, suffix]) => ({ stack, target, suffix })));

describe("the graph of a stack", function () {
  this.timeout(120_000);
  for (const { stack, target, suffix } of CASES) {
    it(`is that of ${stack} on ${target} as it was reviewed`, async () => {
      const { resources, error } = await runProgram(stack, { config: { "cryptotracker:target": target } });
      expect(error).to.equal(undefined);
      const byType: Record<string, string[]> = {};
      for (const { type, name } of resources) (byType[type] ??= []).push(name);
      const sorted = Object.entries(byType).sort(([a], [b]) => (a < b ? -1 : 1));
      const graph = Object.fromEntries(sorted.map(([type, names]) => [type, names.sort().join(" ")]));
      expectGolden(join(import.meta.dirname, "golden", `${stack}${suffix}.yaml`), graph);
    });
  }

  it("of phase 1 has no instances and nothing for machine learning", async () => {
    const { resources, error } = await runProgram("dev", { config: { "cryptotracker:ml": false } });
    expect(error).to.equal(undefined);
    const types = new Set(resources.map(({ type }) => type));
    expect([...types].filter((type) => /autoscaling\/group|capacityProvider:|launchTemplate/.test(type))).to.deep.equal(
      [],
    );
    expect(resources.filter(({ name }) => name.startsWith("ml-") || name.startsWith("model-training"))).to.deep.equal(
      [],
    );
    expect(resources.filter(({ type }) => type === "aws:ecs/service:Service")).to.have.length.greaterThan(7);
  });
});
