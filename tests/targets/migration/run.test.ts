import { expect } from "chai";
import fc from "fast-check";
import { type Outcome, type RunEvent, runMigration } from "../../../targets/migration/run.ts";
import { planned } from "./fixtures.ts";
import { type Call, type SimulationOptions, type Simulation, simulate } from "./simulated-stage.ts";
import type { PlanRequest } from "../../../targets/migration/plan.ts";

async function rehearse(
  options: Partial<SimulationOptions> = {},
  request: Partial<PlanRequest> = {},
  more: { signal?: AbortSignal; observe?: (event: RunEvent) => void } = {},
): Promise<{ outcome: Outcome; stage: Simulation }> {
  const stage = simulate({ from: "ecs", to: "kubernetes", ...options });
  const signal = more.signal ?? new AbortController().signal;
  const outcome = await runMigration(planned(request), stage, { signal, now: stage.now, ...more });
  return { outcome, stage };
}

const states = (outcome: Outcome): string[] => outcome.timeline.map(({ id, state }) => `${id} ${state}`);
const BACK = { ecs: 100, kubernetes: 0 };

describe("runMigration", () => {
  it("settles on the new side when everything is healthy", async () => {
    const { outcome, stage } = await rehearse();
    expect(outcome.failures).to.deep.equal([]);
    expect(outcome.ending).to.equal("settled");
    expect(outcome.ok).to.equal(true);
    expect(outcome.weights).to.deep.equal({ ecs: 0, kubernetes: 100 });
    expect(outcome.timeline.map(({ id }) => id)).to.deep.equal(planned().steps.map(({ id }) => id));
    expect(outcome.accounts).to.have.length(4);
    expect(outcome.series.length).to.be.greaterThan(0);
    expect(stage.closed()).to.equal(1);
    expect(stage.calls.indexOf("retire ecs")).to.be.greaterThan(0);
  });

  it("times the drill, and takes the workers along", async () => {
    const { outcome } = await rehearse();
    const [drill] = outcome.waysBack;
    expect(drill).to.include({ step: "drill", because: "drill" });
    expect(drill?.weights).to.deep.equal(BACK);
    expect(drill?.workersMilliseconds).to.be.greaterThan(drill?.trafficMilliseconds ?? Infinity);
  });

  it("goes back by plan", async () => {
    const { outcome, stage } = await rehearse({}, { settle: "back" });
    expect(outcome.ending).to.equal("settled");
    expect(stage.actualWeights()).to.deep.equal(BACK);
    expect(stage.calls).to.include("retire kubernetes").and.not.include("retire ecs");
    expect(outcome.waysBack.map(({ because }) => because)).to.deep.equal(["drill", "plan"]);
  });

  it("catches a slow side at 1 % and rolls back", async () => {
    const sides = { kubernetes: { latency: 406, errors: 0 } };
    const { outcome, stage } = await rehearse({ sides });
    expect(outcome.ending).to.equal("rolledBack");
    const [failure] = outcome.failures;
    expect(failure?.step).to.equal("gate-1");
    expect(failure?.verdict?.checks.filter(({ state }) => state === "fail").map(({ name }) => name)).to.include("p50");
    expect(stage.actualWeights()).to.deep.equal(BACK);
    expect(stage.calls.at(-1)).to.equal("close");
    expect(stage.calls).to.include("retire kubernetes");
    expect(states(outcome).slice(-4)).to.deep.equal([
      "rollback done",
      "rollback-hold done",
      "rollback-retire done",
      "account done",
    ]);
    expect(outcome.waysBack[0]).to.include({ because: "failure", workersMilliseconds: null });
    expect(outcome.accounts).to.have.length(4);
  });

  it("catches 1 error in 20 at 10 % at the latest, whatever the dice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const sides = { kubernetes: { latency: 6, errors: 0.05 } };
        const { outcome } = await rehearse({ sides, seed }, { drill: false });
        expect(outcome.ending).to.equal("rolledBack");
        expect(outcome.failures[0]?.step).to.be.oneOf(["gate-1", "gate-10"]);
      }),
      { numRuns: 40 },
    );
  });

  it("lets a healthy side through, whatever the dice", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const sides = { ecs: { latency: 6, errors: 0.001 }, kubernetes: { latency: 8, errors: 0.001 } };
        const { outcome } = await rehearse({ sides, seed }, { drill: false });
        expect(outcome.failures).to.deep.equal([]);
      }),
      { numRuns: 20 },
    );
  });

  it("brings the workers back when they had moved", async () => {
    const { outcome, stage } = await rehearse({ failAt: { call: "shift", nth: 3 } });
    expect(outcome.failures[0]?.step).to.equal("shift-100");
    expect(stage.calls).to.include("moveWorkers ecs");
    expect(outcome.waysBack[0]?.workersMilliseconds).to.be.a("number");
  });

  it("treats weights that read back otherwise as a failure", async () => {
    const readBack = (set: Readonly<Record<string, number>>, nth: number) =>
      nth === 1 ? { ecs: 99, kubernetes: 1 } : set;
    const { outcome, stage } = await rehearse({ readBack });
    expect(outcome.failures[0]).to.include({
      step: "shift-10",
      sentence: "The weights were set to ecs 90, kubernetes 10 and read back as ecs 99, kubernetes 1.",
    });
    expect(outcome.ending).to.equal("rolledBack");
    expect(stage.actualWeights()).to.deep.equal(BACK);
  });

  it("tries the way back again when it does not hold at once", async () => {
    const readBack = (set: Readonly<Record<string, number>>, nth: number) =>
      nth === 1 || nth === 2 ? { kubernetes: 100 } : set;
    const { outcome, stage } = await rehearse({ readBack });
    expect(outcome.ending).to.equal("rolledBack");
    expect(stage.actualWeights()).to.deep.equal(BACK);
  });

  it("touches nothing more when the way back fails", async () => {
    const readBack = (set: Readonly<Record<string, number>>, nth: number) =>
      nth === 0 ? set : { ecs: 50, kubernetes: 50 };
    const { outcome, stage } = await rehearse({ readBack });
    expect(outcome.ending).to.equal("failed");
    expect(stage.calls.filter((call) => call.startsWith("retire"))).to.deep.equal([]);
    expect(outcome.failures.map(({ step }) => step)).to.deep.equal(["shift-10", "rollback"]);
    expect(outcome.accounts).to.have.length(4);
  });

  it("does not roll back once the old side is being retired", async () => {
    const { outcome, stage } = await rehearse({ failAt: { call: "retire", nth: 0 } });
    expect(outcome.ending).to.equal("failed");
    expect(stage.actualWeights()).to.deep.equal({ ecs: 0, kubernetes: 100 });
    expect(outcome.accounts).to.have.length(4);
  });

  it("starts nothing when preflight finds problems", async () => {
    const problem = { code: "capacity", path: "settings.network", found: "4 addresses", allowed: "at least 12" };
    const { outcome, stage } = await rehearse({ problems: [problem] });
    expect(outcome.ending).to.equal("refused");
    expect(outcome.problems).to.deep.equal([problem]);
    expect(stage.calls).to.deep.equal(["preflight", "close"]);
  });

  it("fails on a loss although everything else went well", async () => {
    const { outcome } = await rehearse({ lost: 2 });
    expect(outcome.ending).to.equal("failed");
    expect(outcome.ok).to.equal(false);
    expect(outcome.failures[0]?.sentence).to.contain("2 lost and 0 doubled");
  });

  it("fails a gate without requests", async () => {
    const { outcome } = await rehearse({ requestsPerSecond: 0 });
    expect(outcome.failures[0]?.step).to.equal("gate-baseline");
    expect(outcome.ending).to.equal("failed");
  });

  it("fails on stream gaps that are not filled", async () => {
    const { outcome } = await rehearse({ gapsAfter: 120 });
    expect(outcome.ending).to.equal("rolledBack");
    expect(outcome.failures[0]?.sentence).to.contain("miss 3 updates");
  });

  it("survives an observer that throws", async () => {
    const observe = (): void => {
      throw new Error("not your business");
    };
    expect((await rehearse({}, {}, { observe })).outcome.ok).to.equal(true);
  });

  it("tells the observer each step, in order", async () => {
    const seen: string[] = [];
    const observe = (event: RunEvent): void => {
      if (event.type === "stepStarted" || event.type === "stepEnded") seen.push(`${event.type} ${event.step.id}`);
    };
    await rehearse({}, {}, { observe });
    expect(seen).to.deep.equal(planned().steps.flatMap(({ id }) => [`stepStarted ${id}`, `stepEnded ${id}`]));
  });

  it("is interrupted at any moment, closes, and leaves the weights", async () => {
    const whole = (await rehearse()).stage.calls.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: whole - 2 }), async (at) => {
        const controller = new AbortController();
        let count = 0;
        const onCall = (): void => {
          if (count++ === at) controller.abort();
        };
        const { outcome, stage } = await rehearse({ onCall }, {}, { signal: controller.signal });
        expect(outcome.ending).to.equal("interrupted");
        expect(stage.closed()).to.equal(1);
        expect(states(outcome).filter((state) => state.endsWith(" failed"))).to.deep.equal([]);
      }),
      { numRuns: 40 },
    );
  });

  it("does not wait for a stage that hangs when it is interrupted", async () => {
    const stage = { ...simulate({ from: "ecs", to: "kubernetes" }), deploy: () => new Promise<void>(() => undefined) };
    const controller = new AbortController();
    const observe = (event: RunEvent): void => {
      if (event.type === "stepStarted" && event.step.kind === "deploy") setImmediate(() => controller.abort());
    };
    const outcome = await runMigration(planned(), stage, { signal: controller.signal, observe });
    expect(outcome.ending).to.equal("interrupted");
    expect(outcome.timeline.find(({ kind }) => kind === "deploy")?.state).to.equal("interrupted");
  });

  it("ends with everything on the old side, accounted and closed, wherever the stage fails", async () => {
    const calls: Call[] = ["deploy", "smoke", "scale", "moveWorkers", "shift", "mark", "window", "wait"];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...calls), fc.integer({ min: 0, max: 12 }), async (call, nth) => {
        const { outcome, stage } = await rehearse({ failAt: { call, nth } });
        if (outcome.failures.length === 0) return;
        expect(stage.actualWeights()).to.deep.equal(BACK);
        expect(stage.closed()).to.equal(1);
        expect(stage.calls.filter((made) => made === "account")).to.have.length(1);
        expect(outcome.ok).to.equal(false);
        expect(stage.calls).to.not.include("retire ecs");
      }),
      { numRuns: 100 },
    );
  });
});
