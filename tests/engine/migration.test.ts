/**
 * A whole migration by its stacks on the real engine: green beside blue, weights to and fro, settling, the way back, the
 * end. Whatever happens, the foundation is neither replaced nor deleted, and every path leads somewhere.
 */
import { expect } from "chai";
import { attachedConfig, devConfig, trafficConfig } from "../program/support/migration.ts";
import type { Outcome } from "./support/project.ts";
import { engineStack } from "./support/stack.ts";
import { configure, logged, thingsOf, urnsOf, type Operation } from "./support/stacks.ts";
import { shares } from "./support/weights.ts";

const MINUTE = 60_000;
const UP = ["up", "--yes", "--skip-preview", "--suppress-outputs"];
const DESTROY = ["destroy", "--yes", "--skip-preview"];
const HARMLESS = ["create", "same", "update", "read", "refresh"];

describe("a migration by its stacks, on the real engine", function () {
  this.timeout(20 * MINUTE);
  const { project } = engineStack("dev");
  const operations: Operation[] = [];
  let paths: readonly string[] = [];

  const run = async (args: readonly string[], stack: string) => {
    const outcome = await logged(project(), [...args, "--stack", stack]);
    operations.push(...outcome.operations);
    return outcome;
  };
  const up = async (stack: string, config: Readonly<Record<string, unknown>>) => {
    await configure(project(), stack, config);
    return run(UP, stack);
  };
  const shift = async (traffic: Readonly<Record<string, number>>) =>
    succeeds(await up("dev-traffic", trafficConfig(traffic)));
  const target = (name: string) => ({ ...devConfig(), "cryptotracker:target": name });
  /** Of every path the same, so one stands for all. */
  const weights = (): Readonly<Record<string, number>> => {
    const now = shares(thingsOf(project(), "aws"));
    expect(Object.keys(now).sort(), "every path leads somewhere").to.deep.equal(paths);
    const sides = Object.values(now).map((groups) =>
      Object.fromEntries(
        Object.entries(groups).map(([group, weight]) => [group.endsWith("-eks") ? "eks" : "ecs", weight]),
      ),
    );
    for (const each of sides) expect(each).to.deep.equal(sides[0]);
    return sides[0] ?? {};
  };

  it("brings blue up whole", async () => {
    succeeds(await up("dev", target("ecs")));
    paths = Object.keys(shares(thingsOf(project(), "aws"))).sort();
    expect(paths).to.have.length.greaterThan(3);
    expect(weights()).to.deep.equal({ ecs: 100 });
  });

  it("brings green up beside it, and moves nobody", async () => {
    succeeds(await up("dev-eks", attachedConfig("eks")));
    expect(weights()).to.deep.equal({ ecs: 100 });
    const types = thingsOf(project(), "kubernetes").map(({ type }) => type);
    expect(types.filter((type) => type === "kubernetes:apps/v1:Deployment")).to.have.length(10);
    expect((await urnsOf(project(), "dev-eks")).filter((urn) => /rds|msk|lb\/loadBalancer/.test(urn))).to.deep.equal(
      [],
    );
  });

  it("moves users in steps, back, and over", async () => {
    for (const eks of [1, 10, 50, 0, 100]) {
      await shift({ ecs: 100 - eks, eks });
      expect(weights()).to.deep.equal({ ecs: 100 - eks, eks });
    }
  });

  it("leaves the weights alone when a side runs again", async () => {
    succeeds(await run([...UP, "--expect-no-changes"], "dev"));
    expect(weights()).to.deep.equal({ ecs: 0, eks: 100 });
  });

  it("refuses to settle or to flip while the weights name blue", async () => {
    for (const next of ["none", "eks"]) {
      const { code, output } = await up("dev", target(next));
      expect(code).not.to.equal(0);
      expect(output).to.contain("target-flip");
    }
    expect(weights()).to.deep.equal({ ecs: 0, eks: 100 });
  });

  it("settles: weights over green alone, then the foundation alone", async () => {
    await shift({ eks: 100 });
    succeeds(await up("dev", target("none")));
    expect(weights()).to.deep.equal({ eks: 100 });
    expect(thingsOf(project(), "aws").filter(({ type }) => type.startsWith("aws:ecs/"))).to.deep.equal([]);
    const kept = new Set(await urnsOf(project(), "dev"));
    expect([...kept].filter((urn) => /::aws:(rds|msk|elasticache|lb)\//.test(urn))).to.have.length.greaterThan(5);
  });

  it("does not give up weights that alone carry everybody", async () => {
    const { code, output } = await run(DESTROY, "dev-traffic");
    expect(code).not.to.equal(0);
    expect(output).to.contain("protected");
    expect(weights()).to.deep.equal({ eks: 100 });
  });

  it("goes back the same way", async () => {
    succeeds(await up("dev", target("ecs")));
    expect(weights()).to.deep.equal({ eks: 100 });
    await shift({ ecs: 0, eks: 100 });
    await shift({ ecs: 100, eks: 0 });
    expect(weights()).to.deep.equal({ ecs: 100, eks: 0 });
    succeeds(await run(DESTROY, "dev-traffic"));
    expect(weights()).to.deep.equal({ ecs: 100 });
    succeeds(await run(DESTROY, "dev-eks"));
    expect(thingsOf(project(), "kubernetes")).to.deep.equal([]);
    expect(weights()).to.deep.equal({ ecs: 100 });
  });

  it("has replaced and deleted nothing of the foundation on all that way", async () => {
    succeeds(await up("dev", target("none")));
    const foundation = new Set(await urnsOf(project(), "dev"));
    expect(foundation.size).to.be.greaterThan(150);
    const done = operations.filter(({ urn }) => foundation.has(urn));
    expect(done.length).to.be.greaterThan(4 * foundation.size);
    expect(done.filter(({ op }) => !HARMLESS.includes(op))).to.deep.equal([]);
    const created = done.filter(({ op }) => op === "create").map(({ urn }) => urn);
    expect(created).to.have.length(new Set(created).size);
  });

  it("is gone in the end, stack by stack", async () => {
    succeeds(await project().pulumi(["state", "unprotect", "--all", "--stack", "dev", "--yes"]));
    succeeds(await project().pulumi([...DESTROY, "--stack", "dev"]));
    expect(thingsOf(project(), "aws")).to.deep.equal([]);
  });
});

/** What it said is the best account of why it failed. */
function succeeds(outcome: Outcome): Outcome {
  expect(outcome.code, outcome.output.slice(-4000)).to.equal(0);
  return outcome;
}
