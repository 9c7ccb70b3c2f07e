import { expect } from "chai";
import fc from "fast-check";
import type { JournalEntry } from "../../../../../targets/migration/journal.ts";
import { goOn, migrate, planOf, type Ran, worldOf } from "./support.ts";
import type { Death, World } from "./world.ts";

/** Calls of a whole migration, so that deaths are drawn from all of them. */
async function callsOf(plan: Parameters<typeof migrate>[1], running: "ecs" | "eks"): Promise<number> {
  let last = 0;
  // The first death that is never reached is behind the last call.
  for (let step = 1024; step >= 1; step = Math.floor(step / 2)) {
    while ((await migrate(worldOf({ running }), plan, { death: { at: last + step, when: "before" } })).outcome === null)
      last += step;
  }
  return last;
}

const doneTwice = (journal: readonly JournalEntry[]): readonly string[] => {
  const ids = journal.flatMap((entry) =>
    entry.type === "ended" && entry.record.state === "done" && entry.record.id !== "open-again"
      ? [entry.record.id]
      : [],
  );
  return ids.filter((id, index) => ids.indexOf(id) !== index);
};

/** Everything on one side, the other one gone, nothing left by hand. */
function expectOneSide(world: World, { outcome, journal }: Ran): void {
  expect(outcome, "the second start ends").to.not.equal(null);
  expect(outcome?.ending).to.be.oneOf(["settled", "rolledBack"]);
  const [side = "", ...others] = world.sidesUp();
  expect(others).to.deep.equal([]);
  expect(world.weights()).to.deep.equal({ [side]: 100 });
  expect(world.byHand(side)).to.deep.equal([]);
  expect(side).to.equal(outcome?.ending === "settled" ? outcome.plan.to : outcome?.plan.from);
  expect(doneTwice(journal)).to.deep.equal([]);
  expect(journal.at(-1)?.type).to.equal("finished");
}

describe("a migration on AWS whose process dies", () => {
  for (const [from, to] of [
    ["ecs", "eks"],
    ["eks", "ecs"],
  ] as const) {
    it(`ends on one side wherever it died on the way from ${from} to ${to}, and nothing is done twice`, async () => {
      const plan = planOf({ from, to });
      const calls = await callsOf(plan, from);
      expect(calls).to.be.greaterThan(500);
      const deaths = fc.record({
        at: fc.integer({ min: 0, max: calls }),
        when: fc.constantFrom("before" as const, "after" as const),
        back: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(deaths, async ({ at, when, back }) => {
          const world = worldOf({ running: from });
          const first = await migrate(world, plan, { death: { at, when } });
          expect(first.outcome).to.equal(null);
          const committed = first.journal.some((entry) => "progress" in entry && entry.progress.committed);
          const second = await goOn(world, first.text, back && !committed ? { rollBack: true } : { resume: true });
          expectOneSide(world, second);
          expect(second.outcome?.ending).to.equal(back && !committed ? "rolledBack" : "settled");
        }),
        { numRuns: 60 },
      );
    });
  }

  it("ends on one side when it dies again and again, on its way back too", async () => {
    const plan = planOf({ drill: false });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 5 }), async (gaps) => {
        const world = worldOf({ sides: { eks: { errors: 20 } } });
        const death = (at: number): Death => ({ at: at + 20, when: at % 2 === 0 ? "before" : "after" });
        let ran = await migrate(world, plan, { death: death(gaps[0] ?? 0) });
        for (const gap of gaps.slice(1))
          if (!ran.outcome) ran = await goOn(world, ran.text, { resume: true }, { death: death(gap) });
        if (!ran.outcome) ran = await goOn(world, ran.text, { resume: true });
        expectOneSide(world, ran);
        expect(ran.outcome?.ending).to.equal("rolledBack");
      }),
      { numRuns: 40 },
    );
  });

  it("goes on from a torn journal as from one without its last line", async () => {
    const plan = planOf({ drill: false });
    const death: Death = { at: 400, when: "after" };
    for (const cut of [1, 7, 40]) {
      const world = worldOf();
      const { text } = await migrate(world, plan, { death });
      expectOneSide(world, await goOn(world, text.slice(0, -cut), { resume: true }));
    }
  });

  it("refuses to go on when somebody else has set the weights, and can still take everything back", async () => {
    const world = worldOf();
    const held = await migrate(world, planOf({ drill: false, pauseAt: 10 }));
    expect(held.outcome?.ending).to.equal("held");
    expect(world.weights()).to.deep.equal({ ecs: 90, eks: 10 });
    const traffic = world.stacks.get("dev-traffic");
    if (traffic) traffic.live = { ...traffic.live, "cryptotracker:traffic": { ecs: 40, eks: 60 } };
    const on = await goOn(world, held.text, { resume: true });
    expect(on.outcome?.ending).to.equal("failed");
    expect(on.outcome?.failures[0]?.sentence).to.contain("ecs 90, eks 10 was the last, ecs 40, eks 60 is there now");
    expect(world.sidesUp()).to.deep.equal(["ecs", "eks"]);
    expectOneSide(world, await goOn(world, on.text, { rollBack: true }));
  });

  it("holds where it was told to, and goes on by --resume, the steps before it not repeated", async () => {
    const world = worldOf();
    const held = await migrate(world, planOf({ pauseAt: 50 }));
    expect(held.outcome?.ending).to.equal("held");
    expect(held.outcome?.failures).to.deep.equal([]);
    const before = world.calls.length;
    const on = await goOn(world, held.text, { resume: true });
    expect(on.outcome?.ending).to.equal("settled");
    expect(world.calls.slice(before)[0]).to.equal("up dev-eks");
    expect(world.calls.slice(before)).to.not.include("preview dev-eks");
    expectOneSide(world, on);
  });

  it("watches a share that is held, and rolls back when it turns bad, however long nobody says anything", async () => {
    let errors = 0;
    const world = worldOf({
      sides: {
        eks: {
          get errors() {
            return errors;
          },
        },
      },
    });
    const goOn = (): Promise<void> => {
      errors = 30;
      return new Promise(() => undefined);
    };
    const { outcome } = await migrate(world, planOf({ pauseAt: 10 }), { goOn });
    expect(outcome?.ending).to.equal("rolledBack");
    expect(outcome?.failures[0]?.step).to.equal("pause-10");
    expect(world.weights()).to.deep.equal({ ecs: 100 });
  });

  it("goes on at Enter", async () => {
    const world = worldOf();
    const { outcome } = await migrate(world, planOf({ pauseAt: 10, drill: false }), { goOn: () => Promise.resolve() });
    expect(outcome?.ending).to.equal("settled");
    expect(outcome?.timeline.find(({ id }) => id === "pause-10")?.state).to.equal("done");
  });

  it("leaves everything as it is when it is interrupted, and says so to the next start", async () => {
    const controller = new AbortController();
    const world = worldOf({
      fails: (call, nth) => {
        if (call === "up dev-traffic" && nth === 1) controller.abort();
        return false;
      },
    });
    const { outcome, text } = await migrate(world, planOf(), { signal: controller.signal });
    expect(outcome?.ending).to.equal("interrupted");
    await goOn(world, text, {}).then(
      () => expect.fail("it starts over"),
      (error: unknown) =>
        expect(String(error)).to.contain("--resume goes on from there, --roll-back takes everything back"),
    );
    expectOneSide(world, await goOn(world, text, { rollBack: true }));
  });
});
