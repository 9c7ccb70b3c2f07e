/** Which settings make which role, and those that contradict each other. */
import { expect } from "chai";
import { parseSettings, parseStack, readStackFile } from "../../platform/settings.ts";
import { replicaProblems } from "../../platform/replicas.ts";
import { cryptotracker } from "../../platform/cryptotracker.ts";
import { attachedConfig, devConfig, trafficConfig } from "../program/support/migration.ts";
import { problemsOf, ROOT, valueOf } from "../support/stacks.ts";

const said = (stack: string, config: Readonly<Record<string, unknown>>) =>
  problemsOf(parseStack(stack, config)).map(({ code, path }) => `${code} ${path}`);

function without(config: Readonly<Record<string, unknown>>, key: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}

describe("a stack's role in its settings", () => {
  it("follows from target, foundation and traffic", () => {
    const role = (stack: string, config: Readonly<Record<string, unknown>>) => valueOf(parseStack(stack, config)).role;
    expect(role("dev", devConfig())).to.equal("full");
    expect(role("dev", { ...devConfig(), "cryptotracker:target": "none" })).to.equal("foundation");
    expect(role("dev-eks", attachedConfig("eks"))).to.equal("attached");
    expect(role("dev-traffic", trafficConfig({ ecs: 90, eks: 10 }))).to.equal("traffic");
  });

  it("is read the same from Pulumi's texts", () => {
    const texts = Object.entries(trafficConfig({ eks: 100 })).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    expect(valueOf(parseStack("dev-traffic", Object.fromEntries(texts) as Record<string, string>))).to.deep.equal(
      valueOf(parseStack("dev-traffic", trafficConfig({ eks: 100 }))),
    );
  });

  it("gives an attached stack names of its own, and the others the project's", () => {
    expect(valueOf(parseSettings("dev-eks", attachedConfig("eks"))).prefix).to.equal("dev-eks");
    expect(valueOf(readStackFile(ROOT, "dev")).prefix).to.equal("cryptotracker");
  });

  const refusals: readonly (readonly [string, string, Readonly<Record<string, unknown>>, readonly string[]])[] = [
    [
      "a target beside weights",
      "t",
      trafficConfig({ eks: 100 }, { "cryptotracker:target": "eks" }),
      ["role-holds settings.target"],
    ],
    [
      "a secret beside weights",
      "t",
      trafficConfig({ eks: 100 }, { "cryptotracker:secrets": { smtp: "hush" } }),
      ["role-holds settings.secrets"],
    ],
    ["weights that are no 100 percent", "t", trafficConfig({ ecs: 90, eks: 20 }), ["weights settings.traffic"]],
    ["no weights at all", "t", trafficConfig({}), ["weights settings.traffic"]],
    [
      "a broken weight",
      "t",
      trafficConfig({ ecs: 99.5, eks: 0.5 }),
      ["bad-setting settings.traffic.ecs", "bad-setting settings.traffic.eks"],
    ],
    [
      "a weight below nothing",
      "t",
      trafficConfig({ ecs: 110, eks: -10 }),
      ["bad-setting settings.traffic.ecs", "bad-setting settings.traffic.eks"],
    ],
    [
      "a weight of a side that nobody names",
      "t",
      trafficConfig({ ecs: 50, gke: 50 }),
      ["weights-side settings.traffic.gke"],
    ],
    [
      "two sides that are one stack",
      "t",
      trafficConfig({ eks: 100 }, { "cryptotracker:sides": { ecs: "dev", eks: "dev" } }),
      ["weights-side settings.sides.eks"],
    ],
    ["weights over itself", "dev-eks", trafficConfig({ eks: 100 }), ["attached-itself settings.sides.eks"]],
    [
      "weights on its own foundation",
      "dev",
      trafficConfig({ eks: 100 }),
      ["attached-itself settings.foundation", "attached-itself settings.sides.ecs"],
    ],
    ["a foundation attached to another", "dev-x", attachedConfig("none"), ["role-holds settings.foundation"]],
    ["a plain cluster attached", "dev-x", attachedConfig("kubernetes"), ["attached-target settings.target"]],
    ["a stack attached to itself", "dev", attachedConfig("eks"), ["attached-itself settings.foundation"]],
    [
      "a name that AWS has no room for",
      "development-eks",
      attachedConfig("eks"),
      ["attached-name settings.foundation"],
    ],
    ["a name that AWS has reserved", "ecs-green", attachedConfig("ecs"), ["attached-name settings.foundation"]],
    [
      "counts by hand where nothing runs",
      "dev",
      { ...devConfig(), "cryptotracker:target": "none", "cryptotracker:replicas": { "api-service": { atLeast: 2 } } },
      ["role-holds settings.replicas"],
    ],
    [
      "a count of no shape",
      "dev",
      { ...devConfig(), "cryptotracker:replicas": { "api-service": { exactly: 1, atLeast: 1 } } },
      ["bad-setting settings.replicas.api-service"],
    ],
  ];
  for (const [what, stack, config, expected] of refusals) {
    it(`refuses ${what}`, () => {
      expect(said(stack, config)).to.deep.equal(expected);
      expect(JSON.stringify(problemsOf(parseStack(stack, config)))).not.to.contain("hush");
    });
  }

  it("refuses an attached stack that says no target, and sides without weights", () => {
    const rest = without(attachedConfig("eks"), "cryptotracker:target");
    expect(said("dev-x", rest)).to.deep.equal(["attached-target settings.target"]);
    const sides = without(trafficConfig({ eks: 100 }), "cryptotracker:traffic");
    expect(said("t", sides)).to.deep.equal(["bad-setting settings.traffic"]);
  });

  it("gives whoever wants a model a sentence where there are weights only", () => {
    const [problem] = problemsOf(parseSettings("dev-traffic", trafficConfig({ eks: 100 })));
    expect(problem?.code).to.equal("role-holds");
    expect(problem?.found).to.contain("dev-traffic");
  });
});

describe("counts by hand", () => {
  const model = cryptotracker(valueOf(readStackFile(ROOT, "dev")));
  const said = (name: string, count: { atLeast: number } | { exactly: number }) =>
    replicaProblems(model, { [name]: count }).map(({ code, allowed }) => `${code} ${allowed}`);

  it("stop a worker, and never a service", () => {
    expect(said("alert-service", { exactly: 0 })).to.deep.equal([]);
    expect(said("api-service", { exactly: 0 })).to.deep.equal(["replicas-range 1 to 20"]);
  });

  it("stay within what scaling may reach", () => {
    expect(said("api-service", { atLeast: 20 })).to.deep.equal([]);
    expect(said("api-service", { atLeast: 21 })).to.deep.equal(["replicas-range 1 to 20"]);
    expect(said("data-ingestion-service", { exactly: 2 })).to.deep.equal(["replicas-range 0 to 1"]);
  });

  it("are for what runs for good", () => {
    expect(said("migrations", { exactly: 1 })[0]).to.match(/^unknown-service one of .*api-service/);
    expect(said("api-servce", { exactly: 1 })[0]).to.match(/^unknown-service/);
  });
});
