import { expect } from "chai";
import { type Plan, planMigration, planRollback } from "../../../targets/migration/plan.ts";
import { planned, REQUEST } from "./fixtures.ts";

const ids = (plan: Plan): string[] => plan.steps.map(({ id }) => id);

describe("planMigration", () => {
  it("goes from preflight to the account, in this order", () => {
    expect(ids(planned()).join(" ")).to.equal(
      "preflight open gate-baseline deploy smoke " +
        "scale-1 shift-1 gate-1 scale-10 shift-10 gate-10 scale-50 shift-50 gate-50 " +
        "workers gate-workers scale-100 shift-100 gate-100 " +
        "drill gate-drill workers-again shift-100-again gate-100-again hold retire account",
    );
  });

  it("goes back and retires the new side when it shall not keep it", () => {
    const plan = planned({ settle: "back", drill: false });
    expect(ids(plan).slice(-4)).to.deep.equal(["return", "hold", "retire", "account"]);
    expect(plan.steps.find(({ kind }) => kind === "retire")).to.include({ side: "kubernetes" });
    expect(plan.steps.find(({ id }) => id === "return")).to.deep.include({ weights: { ecs: 100, kubernetes: 0 } });
  });

  it("moves the workers before everything shifts at once, watched on the old side", () => {
    const plan = planned({ shares: [100] });
    expect(ids(plan).indexOf("workers")).to.equal(ids(plan).indexOf("smoke") + 1);
    const gate = plan.steps.find(({ id }) => id === "gate-workers");
    expect(gate?.kind === "gate" && gate.gate.judged).to.equal("from");
  });

  it("has unique ids, titles, and every shift followed by a gate", () => {
    const { steps } = planned();
    expect(new Set(ids(planned())).size).to.equal(steps.length);
    for (const [index, step] of steps.entries()) {
      expect(step.title).to.not.equal("");
      if (step.kind === "shift") expect(steps[index + 1]?.kind).to.equal("gate");
    }
  });

  it("asks for as many samples as its tolerance needs to be excluded", () => {
    const gates = planned({ minSamples: 5 }).steps.flatMap((step) => (step.kind === "gate" ? [step.gate] : []));
    expect(gates.map(({ name, minSamples }) => `${name}: ${minSamples}`)).to.include.members(["1 %: 44", "10 %: 152"]);
    const wish = planned({ minSamples: 500 }).steps.find(({ id }) => id === "gate-1");
    expect(wish?.kind === "gate" && wish.gate.minSamples).to.equal(500);
  });

  it("says how long it waits at least", () => {
    expect(planned().waits).to.equal(8 * 60 + 120);
  });

  it("names everything that is wrong at once", () => {
    const plan = planMigration({
      ...REQUEST,
      from: "nomad",
      to: "nomad",
      shares: [10, 5, 200],
      bake: 0,
      minSamples: 1.5,
      patience: Number.NaN,
      hold: 119,
    });
    expect(plan.ok).to.equal(false);
    if (plan.ok) return;
    expect(plan.problems.map(({ code, path }) => `${code} ${path}`)).to.deep.equal([
      "plan-side plan.from",
      "plan-side plan.to",
      "plan-same-side plan.to",
      "plan-shares-order plan.shares.1",
      "plan-share plan.shares.2",
      "plan-shares-end plan.shares",
      "plan-number plan.bake",
      "plan-number plan.minSamples",
      "plan-number plan.patience",
      "plan-number plan.hold",
    ]);
    expect(plan.problems[0]?.allowed).to.equal("one of ecs, eks, kubernetes");
  });

  it("refuses to shift nothing", () => {
    const plan = planMigration({ ...REQUEST, shares: [] });
    expect(!plan.ok && plan.problems.map(({ code }) => code)).to.deep.equal(["plan-shares-end"]);
  });
});

describe("planRollback", () => {
  const plan = planned();
  it("shifts, holds and retires", () => {
    const steps = planRollback(plan, { shifted: true, workersMoved: true, deployed: true });
    expect(steps.map(({ kind }) => kind)).to.deep.equal(["rollback", "hold", "retire"]);
    expect(steps[0]).to.include({ workersTo: "ecs" });
    expect(steps[1]).to.include({ waits: 120, idle: "kubernetes" });
  });
  it("holds only what has carried something, and leaves workers where they are", () => {
    const steps = planRollback(plan, { shifted: false, workersMoved: false, deployed: true });
    expect(steps.map(({ kind }) => kind)).to.deep.equal(["rollback", "retire"]);
    expect(steps[0]).to.include({ workersTo: null });
  });
});
