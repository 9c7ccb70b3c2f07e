import { expect } from "chai";
import { evidence } from "../../../targets/migration/evidence.ts";
import { runMigration } from "../../../targets/migration/run.ts";
import { META, simulatedEvidence } from "./fixture-evidence.ts";
import { planned } from "./fixtures.ts";
import { simulate } from "./simulated-stage.ts";

describe("evidence", () => {
  it("says what was done, measured and accounted for", async () => {
    const found = await simulatedEvidence();
    expect(found).to.include({ schema: 1, ending: "settled", ok: true, headline: "Migrated from ecs to kubernetes" });
    expect(found.stage).to.deep.equal({ name: "simulated", timeScale: 20 });
    expect(found.started).to.match(/^2026-11-24T09:30:00/);
    expect(found.steps.map(({ id }) => id)).to.deep.equal(found.plan.map(({ id }) => id));
    expect(found.gates.map(({ step }) => step)).to.include.members([
      "gate-baseline",
      "gate-1",
      "gate-100-again",
      "hold",
    ]);
    expect(found.totals).to.include({ subscribers: 20, lost: 0, doubled: 0 });
    expect(found.totals.requests).to.be.greaterThan(10_000);
    expect(found.waysBack[0]).to.include({ because: "drill" });
  });

  it("counts time from the start, in the series as in the steps", async () => {
    const { series, steps, milliseconds } = await simulatedEvidence();
    for (const { at } of series) expect(at).to.be.within(0, milliseconds);
    expect(steps[0]?.startMilliseconds).to.be.below(10);
    for (const step of steps) expect(step.startMilliseconds + step.milliseconds).to.be.at.most(milliseconds);
  });

  it("names the gate that failed, with its figures", async () => {
    const found = await simulatedEvidence({ sides: { kubernetes: { latency: 406, errors: 0 } } }, { fault: "slow" });
    expect(found).to.include({ ok: false, ending: "rolledBack", fault: "slow" });
    expect(found.headline).to.equal("Rolled back to ecs: gate “1 %” failed");
    const gate = found.gates.at(-1);
    expect(gate).to.include({ step: "gate-1", state: "fail" });
    expect(gate?.checks.find(({ name }) => name === "p50")).to.include({ state: "fail", unit: "ms" });
    expect(found.failures[0]?.verdict?.state).to.equal("fail");
  });

  it("has a headline for every ending", async () => {
    const deployment = await simulatedEvidence({ failAt: { call: "deploy", nth: 0 } });
    expect(deployment.headline).to.equal("Rolled back to ecs: “Deploy kubernetes without traffic” failed");
    const problem = { code: "c", path: "p", found: "f", allowed: "a" };
    expect((await simulatedEvidence({ problems: [problem] })).headline).to.equal("Refused beforehand: 1 problem");
    expect((await simulatedEvidence({ lost: 1 })).headline).to.equal("Failed: “Look up everything acknowledged”");
    const stage = simulate({ from: "ecs", to: "kubernetes" });
    const plan = planned({ settle: "back" });
    const back = await runMigration(plan, stage, { signal: new AbortController().signal, now: stage.now });
    expect(evidence(back, stage, META).headline).to.equal("Went to kubernetes and came back to ecs");
    const stopped = await runMigration(plan, stage, { signal: AbortSignal.abort(), now: stage.now });
    expect(evidence(stopped, stage, META).headline).to.equal("Interrupted");
  });

  it("survives JSON as it is", async () => {
    const found = await simulatedEvidence();
    expect(JSON.parse(JSON.stringify(found))).to.deep.equal(found);
  });
});
