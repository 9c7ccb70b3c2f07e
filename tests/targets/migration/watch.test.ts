import { expect } from "chai";
import { runMigration, type RunEvent } from "../../../targets/migration/run.ts";
import { createWatch } from "../../../targets/migration/watch.ts";
import { planned } from "./fixtures.ts";
import { simulate, type SimulationOptions } from "./simulated-stage.ts";

/** What the watch says after each event. */
async function watched(options: Partial<SimulationOptions> = {}) {
  const plan = planned();
  const watch = createWatch(plan);
  const stage = simulate({ from: "ecs", to: "kubernetes", ...options });
  const seen: { readonly event: RunEvent; readonly shown: ReturnType<typeof watch.underWay> }[] = [];
  const before = watch.underWay(0);
  const observe = (event: RunEvent): void => {
    watch.observe(event);
    seen.push({ event, shown: watch.underWay(event.at) });
  };
  await runMigration(plan, stage, { signal: new AbortController().signal, now: stage.now, observe });
  return { plan, before, seen, last: seen.at(-1)?.shown };
}

describe("createWatch", () => {
  it("has every step waiting before it begins, and one under way at a time", async () => {
    const { plan, before, seen, last } = await watched();
    expect(before.phase).to.equal(null);
    expect(before.steps.map(({ title, state }) => [title, state])).to.deep.equal(
      plan.steps.map(({ title }) => [title, "waiting"]),
    );
    for (const { event, shown } of seen) {
      const running = shown.steps.filter(({ state }) => state === "running").map(({ title }) => title);
      if (event.type === "stepStarted") expect([shown.phase, ...running]).to.deep.equal([...running, event.step.title]);
      else expect(running.length).to.be.at.most(1);
    }
    expect(last?.phase).to.equal("settled as planned");
    expect(new Set(last?.steps.map(({ state }) => state))).to.deep.equal(new Set(["done"]));
  });

  it("counts the seconds of a step while it goes on, and no further", async () => {
    const { seen } = await watched();
    const gate = "Watch 10 % on kubernetes";
    const seconds = seen
      .flatMap(({ shown }) => shown.steps.filter(({ title }) => title === gate))
      .map((s) => s.seconds);
    expect(seconds[0]).to.equal(null);
    const counted = seconds.filter((value) => value !== null);
    expect(counted).to.deep.equal(counted.toSorted((a, b) => a - b));
    expect(counted.at(-1)).to.be.greaterThan(0);
    const ended = seen.findIndex(({ event }) => event.type === "stepEnded" && event.step.title === gate);
    expect(new Set(seconds.slice(ended)).size).to.equal(1);
  });

  it("tells why a step failed, and puts the way back before the accounts", async () => {
    const { plan, last } = await watched({ sides: { kubernetes: { latency: 406, errors: 0 } } });
    const steps = last?.steps ?? [];
    const failed = steps.filter(({ state }) => state === "failed");
    expect(failed.map(({ title }) => title)).to.deep.equal(["Watch 1 % on kubernetes"]);
    expect(failed[0]?.says).to.include("p50 of kubernetes");
    expect(last?.phase).to.equal("rolled back");
    expect(steps.length).to.be.greaterThan(plan.steps.length);
    expect(steps.at(-1)).to.deep.include({ title: "Look up everything acknowledged", state: "done" });
    const skipped = steps.filter(({ state }) => state === "skipped");
    expect(skipped.length).to.be.greaterThan(0);
    for (const { seconds } of skipped) expect(seconds).to.equal(null);
  });
});
