import { expect } from "chai";
import { behavioursHere, oneEach } from "../../../targets/commands/start/behaviours.ts";
import { boardOf } from "../../../targets/commands/start/board.ts";
import { shownServices } from "../../../targets/commands/start/run.ts";
import { notRun, stateOf } from "../../../targets/commands/start/states.ts";
import { compileStack } from "../../../targets/stack.ts";
import { ROOT, valueOf } from "../../support/stacks.ts";

const stack = valueOf(compileStack(ROOT, "dev", ["ecs"]));
const behaviours = stack.forms.flatMap((form) => Object.values(form.behaviours));

describe("targets/commands/start", () => {
  it("changes two settings of a form and its patience, and nothing else", () => {
    const here = behavioursHere(behaviours, { publicUrl: "http://localhost:8080", startGrace: 61 });
    expect(here.map(({ name }) => name)).to.deep.equal(behaviours.map(({ name }) => name));
    here.forEach((behaviour, index) => {
      const before = behaviours[index];
      expect({ ...behaviour, env: null, startGrace: 0 }).to.deep.equal({ ...before, env: null, startGrace: 0 });
      expect(behaviour.startGrace).to.equal(Math.max(61, before?.startGrace ?? 0));
      const changed = Object.keys(behaviour.env).filter((name) => behaviour.env[name] !== before?.env[name]);
      expect(["NODE_ENV", "PUBLIC_URL"]).to.include.members(changed);
    });
    const withUrl = here.filter(({ env }) => env["PUBLIC_URL"] === "http://localhost:8080").map(({ name }) => name);
    expect(withUrl).to.deep.equal(["notification-service"]);
    expect(here.find(({ name }) => name === "auth-service")?.env["NODE_ENV"]).to.equal("development");
  });

  it("starts one replica of each", () => {
    expect(new Set(Object.values(oneEach(behaviours)))).to.deep.equal(new Set([1]));
    expect(oneEach(behaviours)).to.have.property("api-service");
  });

  it("shows what lasts and has a source here, in the model's order", () => {
    const shown = shownServices(ROOT, stack);
    expect(shown.slice(0, 3)).to.deep.equal(["api-service", "websocket-service", "auth-service"]);
    expect(shown).to.not.include("migrations").and.not.include("ml-inference-service");
  });

  const states: readonly [counts: Parameters<typeof stateOf>[0], words: string, ready: boolean][] = [
    [{ desired: 1, ready: 0, restarts: 0 }, "starting", false],
    [{ desired: 1, ready: 1, restarts: 0 }, "ready", true],
    [{ desired: 1, ready: 0, restarts: 1 }, "down, restarted once", false],
    [{ desired: 1, ready: 1, restarts: 3 }, "ready, restarted 3 times", true],
  ];
  for (const [counts, words, ready] of states)
    it(`tells ${JSON.stringify(counts)} as ${words}`, () => {
      expect(stateOf(counts)).to.deep.equal({ words, ready });
    });

  it("tells people what does not run", () => {
    const state = {
      workloads: {},
      notBuilt: ["ml-inference-service"],
      notStarted: { training: "schedule:daily" },
    };
    expect(notRun(state)).to.deep.equal({
      "ml-inference-service": "there is no source of it here",
      training: "it waits for schedule:daily",
    });
  });

  it("writes a line a change, and after the end begins none about a service", () => {
    const lines: string[] = [];
    const board = boardOf(["api", "websocket"], (line) => lines.push(line), null);
    board.report("Postgres: ready");
    for (const words of ["starting", "starting", "ready", "ready"])
      board.service("api", { words, ready: words === "ready" });
    void board.ready();
    board.stopping();
    board.stopping();
    board.service("api", { words: "down", ready: false });
    expect(lines.map((line) => line.replace(/^\[ *\d+\.\d s\] /, ""))).to.deep.equal([
      ...["Postgres: ready", "api       starting", "api       ready", "stopping"],
    ]);
  });

  it("holds lines back until a terminal's list is drawn to its end", async () => {
    const lines: string[] = [];
    const drawn = Promise.withResolvers<undefined>();
    const told: string[] = [];
    const board = boardOf(["api"], (line) => lines.push(line), {
      note: (line) => told.push(line),
      done: (service) => told.push(`${service} done`),
      end: () => drawn.promise,
    });
    board.report("Postgres: ready");
    board.service("api", { words: "ready", ready: true });
    const ready = board.ready();
    board.service("api", { words: "down, restarted once", ready: false });
    expect([told, lines]).to.deep.equal([["Postgres: ready", "api done"], []]);
    drawn.resolve(undefined);
    await ready;
    board.report("later");
    expect(lines.map((line) => line.slice(line.indexOf("] ") + 2))).to.deep.equal([
      "api down, restarted once",
      "later",
    ]);
  });
});
