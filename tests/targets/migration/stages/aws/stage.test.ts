import { expect } from "chai";
import { goOn, migrate, planOf, worldOf } from "./support.ts";

const only = (calls: readonly string[], first = 0): readonly string[] =>
  calls.slice(first).filter((call, index, all) => call !== all[index - 1]);
const undrilled = planOf({ drill: false });

describe("the stage on AWS", () => {
  it("migrates forward: green beside blue, weights by their own stack, blue to none, all counts given back", async () => {
    const world = worldOf();
    const { outcome } = await migrate(world, undrilled);
    expect(outcome?.failures).to.deep.equal([]);
    expect(outcome?.ending).to.equal("settled");
    expect(world.calls).to.deep.equal([
      ...["preview dev-eks", "up dev-eks"],
      ...["up dev-eks", "up dev-traffic", "up dev-eks", "up dev-traffic", "up dev-eks", "up dev-traffic"],
      // Workers: first there, then gone.
      ...["up dev-eks", "up dev"],
      ...["up dev-eks", "up dev-traffic"],
      // Weights first, then the foundation alone; then scaling has its counts back.
      ...["up dev-traffic", "up dev", "up dev-eks"],
    ]);
    expect(world.weights()).to.deep.equal({ eks: 100 });
    expect(world.sidesUp()).to.deep.equal(["eks"]);
    expect(world.byHand("eks")).to.deep.equal([]);
  });

  it("gives green the floor of its coming share before each shift, and its workers only when they move", async () => {
    const seen: string[] = [];
    const world = worldOf({
      fails: (call) => {
        const counts = Object.fromEntries(world.running("eks").map(({ name, desired }) => [name, desired]));
        if (call === "up dev-traffic") seen.push(`api ${counts["api-service"]}, alert ${counts["alert-service"]}`);
        return false;
      },
    });
    await migrate(world, undrilled);
    // Three of the api carry everything; two at least. The alerts' two move between 50 and 100 %.
    expect(seen).to.deep.equal([
      "api 3, alert 0",
      "api 3, alert 0",
      "api 3, alert 0",
      "api 3, alert 2",
      "api 3, alert 2",
    ]);
  });

  it("migrates back from a foundation that runs nothing: weights over both, then none, then the attached side goes", async () => {
    const world = worldOf({ running: "eks" });
    const { outcome } = await migrate(world, planOf({ from: "eks", to: "ecs", drill: false }));
    expect(outcome?.failures).to.deep.equal([]);
    expect(only(world.calls).slice(-3)).to.deep.equal(["destroy dev-traffic", "destroy dev-eks", "up dev"]);
    expect(world.weights()).to.deep.equal({ ecs: 100 });
    expect(world.sidesUp()).to.deep.equal(["ecs"]);
  });

  it("rolls back by itself when green answers errors: weights, hold, green destroyed, blue as before", async () => {
    const world = worldOf({ sides: { eks: { errors: 20 } } });
    const { outcome } = await migrate(world, planOf());
    expect(outcome?.ending).to.equal("rolledBack");
    expect(outcome?.failures[0]?.step).to.equal("gate-1");
    expect(outcome?.waysBack[0]?.weights).to.deep.equal({ ecs: 100, eks: 0 });
    expect(world.calls.slice(-4)).to.deep.equal(["up dev-traffic", "destroy dev-traffic", "destroy dev-eks", "up dev"]);
    expect(world.weights()).to.deep.equal({ ecs: 100 });
    expect(world.byHand("ecs")).to.deep.equal([]);
  });

  it("rolls back from a side that is the foundation's own: weights name the old one alone, then none", async () => {
    const world = worldOf({ running: "eks", sides: { ecs: { latency: 900 } } });
    const { outcome } = await migrate(world, planOf({ from: "eks", to: "ecs" }));
    expect(outcome?.ending).to.equal("rolledBack");
    expect(world.weights()).to.deep.equal({ eks: 100 });
    expect(world.sidesUp()).to.deep.equal(["eks"]);
  });

  for (const [what, options, sentence] of [
    ["an alarm of a side's", { alarms: ["dev-eks-api-5xx"] }, "dev-eks-api-5xx"],
    ["offsets that the brokers do not say", { lag: null }, "could not be read"],
    ["a lag that stays", { lag: 50_000 }, "messages behind"],
  ] as const) {
    it(`fails a gate on ${what}`, async () => {
      const { outcome } = await migrate(worldOf(options), planOf());
      expect(outcome?.ok).to.equal(false);
      expect(outcome?.failures[0]?.sentence).to.contain(sentence);
    });
  }

  it("fails on an acknowledged write that is gone", async () => {
    const { outcome } = await migrate(worldOf({ lost: ["w2"] }), undrilled);
    expect(outcome?.ending).to.equal("failed");
    expect(outcome?.accounts[0]).to.include({ subject: "writes", acknowledged: 2, lost: 1 });
    expect(outcome?.accounts[0]?.examples).to.deep.equal(["w2"]);
  });

  it("refuses stacks that do not fit, in a sentence", async () => {
    const { outcome } = await migrate(worldOf({ foundation: "other" }), undrilled);
    expect(outcome?.failures[0]?.sentence).to.equal("There is no stack dev: pulumi up --stack dev comes first.");
    const back = await migrate(worldOf(), planOf({ from: "eks", to: "ecs" }));
    expect(back.outcome?.failures[0]?.sentence).to.contain("eks does not carry everything: the weights are ecs 100.");
  });

  // As often as each is called on the whole way.
  const engineCalls = { "preview dev-eks": 1, "up dev-eks": 7, "up dev-traffic": 5, "up dev": 2 };
  for (const [failing, times] of Object.entries(engineCalls)) {
    it(`ends with everything on one side whenever the engine fails at ${failing}`, async () => {
      for (let nth = 0; nth < times; nth++) {
        const world = worldOf({ fails: (call, count) => call === failing && count === nth });
        const { outcome, text } = await migrate(world, undrilled);
        expect(outcome?.failures[0]?.sentence, `${failing} ${nth}`).to.contain("the engine failed");
        // Where the old side was being stopped there is no way back, but a way on.
        if (outcome?.ending === "failed") {
          const again = await goOn(world, text, { resume: true });
          expect(again.outcome?.ending).to.equal("settled");
          expect(world.weights()).to.deep.equal({ eks: 100 });
          expect(world.sidesUp()).to.deep.equal(["eks"]);
        } else {
          expect(outcome?.ending).to.equal("rolledBack");
          expect(world.weights()).to.deep.equal({ ecs: 100 });
          expect(world.sidesUp()).to.deep.equal(["ecs"]);
        }
      }
    });
  }

  it("leaves both sides for a person when the weights cannot be set back, and takes them back when told to", async () => {
    const world = worldOf({
      sides: { eks: { errors: 30 } },
      fails: (call, nth) => call === "up dev-traffic" && nth >= 1 && nth <= 3,
    });
    const { outcome, text } = await migrate(world, planOf());
    expect(outcome?.ending).to.equal("failed");
    expect(world.sidesUp()).to.deep.equal(["ecs", "eks"]);
    const again = await goOn(world, text, { rollBack: true });
    expect(again.outcome?.ending).to.equal("rolledBack");
    expect(world.sidesUp()).to.deep.equal(["ecs"]);
    expect(world.weights()).to.deep.equal({ ecs: 100 });
  });
});
