/**
 * EKS on the real engine: a stack that moves from ECS in place and back, and production, which starts on it. Besides
 * the clouds' own refusals it is the order that counts: the old side stands until the listener has moved.
 */
import { expect } from "chai";
import { Cloud } from "./support/cloud.ts";
import type { Outcome } from "./support/project.ts";
import { engineStack } from "./support/stack.ts";

const MINUTE = 60_000;
const UP = ["up", "--yes", "--skip-preview", "--suppress-outputs"];
const TASKS = "aws:ecs:Service";
const PODS = "kubernetes:apps/v1:Deployment";
const RULE = "aws:lb:ListenerRule";

describe("a flip between ECS and EKS on the real engine", function () {
  this.timeout(10 * MINUTE);
  const { project } = engineStack("dev");
  const up = (...more: readonly string[]) => project().pulumi([...UP, "--stack", "dev", ...more]);
  const all = (provider: string) => new Cloud(`${project().cloudFile}.${provider}`).all();
  const count = (provider: string, type: string) => all(provider).filter((thing) => thing.type === type).length;

  before(async () => {
    succeeds(await up());
  });

  it("brings the pods up first, then moves the default rules, then takes the tasks away", async () => {
    const { output } = succeeds(await up("--config", "cryptotracker:target=eks"));
    const created = steps(output, PODS, "created");
    const moved = steps(output, RULE, "updated").filter(({ name }) => name.startsWith("default-"));
    const gone = steps(output, TASKS, "deleting");
    expect(created).to.have.length(10);
    expect(moved.length).to.be.greaterThan(0);
    expect(gone).to.have.length(10);
    expect(last(created)).to.be.lessThan(first(moved));
    expect(last(moved)).to.be.lessThan(first(gone));
    expect(count("aws", "aws:ecs/service:Service")).to.equal(0);
    expect(count("aws", "aws:ecs/cluster:Cluster")).to.equal(0);
  });

  it("changes nothing when it runs again", async () => {
    succeeds(await up("--expect-no-changes"));
  });

  it("goes back the same way", async () => {
    const { output } = succeeds(await up("--config", "cryptotracker:target=ecs"));
    const created = steps(output, TASKS, "created");
    const moved = steps(output, RULE, "updated").filter(({ name }) => name.startsWith("default-"));
    const gone = steps(output, PODS, "deleting");
    expect([created.length, gone.length]).to.deep.equal([10, 10]);
    expect(last(created)).to.be.lessThan(first(moved));
    expect(last(moved)).to.be.lessThan(first(gone));
    expect(all("kubernetes")).to.deep.equal([]);
    expect(all("aws").filter(({ type }) => type.startsWith("aws:eks/"))).to.deep.equal([]);
  });
});

describe("prod on EKS on the real engine", function () {
  this.timeout(10 * MINUTE);
  const { project } = engineStack("prod", { target: "eks" });
  const up = (...more: readonly string[]) => project().pulumi([...UP, "--stack", "prod", ...more]);

  it("routes nobody to a side of which one Deployment is not ready", async () => {
    const { code, output } = await project().pulumi([...UP, "--stack", "prod"], {
      STAND_IN_FAIL: `${PODS} api-service`,
    });
    expect(code).not.to.equal(0);
    expect(output).to.contain("api-service fails because the test says so");
    const rules = new Cloud(`${project().cloudFile}.aws`)
      .all()
      .flatMap(({ id, type }) => (type === "aws:lb/listenerRule:ListenerRule" ? [id] : []));
    expect(rules.filter((id) => id.startsWith("trial-eks-")).length).to.be.greaterThan(0);
    expect(rules.filter((id) => id.startsWith("default-"))).to.deep.equal([]);
  });

  it("comes up whole at the second try, and a third run changes nothing", async () => {
    succeeds(await up());
    succeeds(await up("--expect-no-changes"));
  });

  it("refuses to be flipped in place", async () => {
    const { code, output } = await up("--config", "cryptotracker:target=ecs");
    expect(code).not.to.equal(0);
    expect(output).to.contain("target-flip").and.contain("npm run rehearse -- --stack prod --from eks --to ecs");
  });

  it("goes whole once its stores are no longer protected, operators after what they keep", async () => {
    succeeds(await project().pulumi(["config", "set", "cryptotracker:target", "eks", "--stack", "prod"]));
    succeeds(await project().pulumi(["state", "unprotect", "--all", "--stack", "prod", "--yes"]));
    succeeds(await project().pulumi(["destroy", "--stack", "prod", "--yes", "--skip-preview"]));
    for (const provider of ["aws", "kubernetes"]) {
      expect(new Cloud(`${project().cloudFile}.${provider}`).all()).to.deep.equal([]);
    }
  });
});

interface Step {
  readonly name: string;
  /** Of the line that says it. */
  readonly at: number;
}

/** Lines such as ` +  aws:ecs:Service api-service created (0.05s)`. */
function steps(output: string, type: string, what: string): readonly Step[] {
  return output.split("\n").flatMap((line, at) => {
    const words = line.trim().split(/\s+/);
    const [name = ""] = words.slice(words.indexOf(type) + 1);
    return words.includes(type) && words.includes(what) ? [{ name, at }] : [];
  });
}

function first(list: readonly Step[]): number {
  return Math.min(...list.map(({ at }) => at));
}

function last(list: readonly Step[]): number {
  return Math.max(...list.map(({ at }) => at));
}

/** What it said is the best account of why it failed. */
function succeeds(outcome: Outcome): Outcome {
  expect(outcome.code, outcome.output.slice(-4000)).to.equal(0);
  return outcome;
}
