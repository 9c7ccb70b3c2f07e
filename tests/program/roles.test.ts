/** What each role of a stack registers: a foundation alone, a side attached to it, the weights between two sides. */
import { expect } from "chai";
import { attachedConfig, trafficConfig } from "./support/migration.ts";
import { plain, unmarked } from "./support/marks.ts";
import { ofType, one, runProgram } from "./support/run.ts";
import { SECRET_MARKER, type Registered, type Run } from "./support/types.ts";

const RULE = "lb/listenerRule:ListenerRule";
const NAMES = ["name", "family", "clusterName", "dashboardName", "groupName"];

/** Types whose name AWS wants unique in an account, and what a resource is called by it. */
function namesIn(run: Run): readonly string[] {
  return run.resources
    .filter(({ type }) => type.startsWith("aws:") && !type.endsWith("appautoscaling/policy:Policy"))
    .filter(({ type }) => type !== "aws:ecs/service:Service")
    .flatMap(({ type, inputs }) =>
      NAMES.flatMap((field) => (typeof inputs[field] === "string" ? [`${type} ${inputs[field]}`] : [])),
    );
}

function urnsBut(run: Run, ...others: readonly Run[]): readonly string[] {
  const known = new Set(others.flatMap(({ resources }) => resources.map(({ urn }) => urn)));
  return run.resources.flatMap(({ urn }) => (known.has(urn) ? [] : [urn]));
}

describe("a stack's role", function () {
  this.timeout(120_000);
  let ecs: Run;
  let eks: Run;
  let none: Run;
  let attached: Run;

  before(async () => {
    [ecs, eks, none] = (await Promise.all(
      ["ecs", "eks", "none"].map((target) => runProgram("dev", { config: { "cryptotracker:target": target } })),
    )) as [Run, Run, Run];
    attached = await runProgram("dev-eks", { config: attachedConfig("eks"), outputs: { dev: ecs.outputs } });
  });

  it("is full with a target", () => {
    expect([ecs.outputs["role"], ecs.outputs["target"]]).to.deep.equal(["full", "ecs"]);
  });

  it("is a foundation with target none: what both targets have, under the same URNs, and nothing else", () => {
    expect(none.error).to.equal(undefined);
    expect([none.outputs["role"], none.outputs["target"]]).to.deep.equal(["foundation", "none"]);
    const shared = ecs.resources.filter(({ urn }) => eks.resources.some((other) => other.urn === urn));
    const routes = (urn: string) => urn.includes("::default-");
    const expected = shared.map(({ urn }) => urn).filter((urn) => !routes(urn));
    expect(urnsBut(none, ecs)).to.deep.equal([]);
    expect(none.resources.length).to.be.greaterThan(100);
    // Names of ECS' resources that EKS has too, such as a workload's log group, are the foundation's.
    for (const type of ["ecs/", "eks/", "lb/targetGroup", RULE, "appautoscaling/"]) {
      expect(none.resources.filter((each) => each.type.startsWith(`aws:${type}`))).to.deep.equal([]);
    }
    expect(none.resources.map(({ urn }) => urn)).to.include.members(
      expected.filter((urn) => /rds|msk|elasticache|s3\/bucket:|loadBalancer|listener:|kms|vpc/.test(urn)),
    );
    expect(none.outputs["attach"]).to.deep.equal(ecs.outputs["attach"]);
    expect(none.outputs["routes"]).to.equal(undefined);
  });

  it("attached brings up its workloads and makes nothing of the foundation", () => {
    expect(attached.error).to.equal(undefined);
    expect([attached.outputs["role"], attached.outputs["foundation"], attached.outputs["target"]]).to.deep.equal([
      "attached",
      "dev",
      "eks",
    ]);
    const types = new Set(none.resources.map(({ type }) => type));
    for (const type of [
      "rds/instance:Instance",
      "lb/loadBalancer:LoadBalancer",
      "lb/listener:Listener",
      "s3/bucket:Bucket",
    ]) {
      expect(types).to.include(`aws:${type}`);
      expect(ofType(attached, type)).to.deep.equal([]);
    }
    expect(attached.outputs["attach"]).to.equal(undefined);
  });

  it("attached runs what the full stack runs", () => {
    const pods = (run: Run) => run.resources.filter(({ type }) => type.endsWith(":Deployment")).map(({ name }) => name);
    expect(pods(attached))
      .to.have.length(10)
      .and.to.have.members([...pods(eks)]);
    const services = attached.outputs["routes"] as { service: string; paths: string[]; listenerArn: string }[];
    const full = eks.outputs["routes"] as typeof services;
    const bare = (all: typeof services) =>
      all.map(({ service, paths, listenerArn }) => ({ service, paths, listenerArn }));
    expect(bare(services)).to.deep.equal(bare(full));
  });

  it("attached is tried by the foundation's secret, and has no default route", () => {
    const rules = ofType(attached, RULE);
    expect(rules.length).to.be.greaterThan(2);
    for (const { name } of rules) expect(name).to.match(/^trial-eks-/);
    const listeners = new Set(rules.map(({ inputs }) => inputs["listenerArn"]));
    const { attach } = ecs.outputs as { attach: Record<string, string> };
    expect([...listeners]).to.have.members([attach["edge.streams.listenerArn"], attach["edge.api.listenerArn"]]);
    const conditions = JSON.stringify(rules[0]?.inputs["conditions"]);
    expect(conditions).to.contain(`eks.${SECRET_MARKER}Stored`);
    expect(JSON.stringify(plain([attached.resources, attached.outputs]))).not.to.contain(SECRET_MARKER);
  });

  for (const target of ["ecs", "eks"]) {
    it(`attached on ${target} shares no name with the full stack, whichever target that runs`, async () => {
      const stack = `dev-${target}`;
      const beside = await runProgram(stack, { config: attachedConfig(target), outputs: { dev: none.outputs } });
      expect(beside.error).to.equal(undefined);
      const own = namesIn(beside);
      expect(own.length).to.be.greaterThan(20);
      for (const full of [ecs, eks]) {
        const taken = new Set(namesIn(full));
        expect(own.filter((name) => taken.has(name))).to.deep.equal([]);
      }
      for (const { inputs } of ofType(beside, "lb/targetGroup:TargetGroup")) {
        expect(String(inputs["name"]))
          .to.have.length.at.most(32)
          .and.match(new RegExp(`^${stack}-`));
      }
    });
  }

  describe("traffic", () => {
    type Outputs = Readonly<Record<string, Run["outputs"]>>;
    const weigh = (traffic: Readonly<Record<string, number>>, outputs: Outputs = sides()) =>
      runProgram("dev-traffic", { config: trafficConfig(traffic), outputs });
    const sides = (): Outputs => ({ dev: ecs.outputs, "dev-eks": attached.outputs });
    const groupsOf = ({ inputs }: Registered) => {
      const [action] = inputs["actions"] as { forward: { targetGroups: { arn: string; weight: number }[] } }[];
      return action?.forward.targetGroups ?? [];
    };

    it("makes a rule for each default one, above it, and nothing else", async () => {
      const run = await weigh({ ecs: 90, eks: 10 });
      expect(run.error).to.equal(undefined);
      expect(run.outputs["weights"]).to.deep.equal({ ecs: 90, eks: 10 });
      expect(run.resources.every(({ type }) => type === `aws:${RULE}`)).to.equal(true);
      const defaults = ofType(ecs, RULE).filter(({ name }) => name.startsWith("default-"));
      expect(run.resources.map(({ name }) => name.replace("traffic-", "default-"))).to.have.members(
        defaults.map(({ name }) => name),
      );
      for (const rule of run.resources) {
        const below = one(ecs, RULE, rule.name.replace("traffic-", "default-"));
        expect(rule.inputs["listenerArn"]).to.equal(below.inputs["listenerArn"]);
        expect(rule.inputs["conditions"]).to.deep.equal(below.inputs["conditions"]);
        expect(Number(rule.inputs["priority"])).to.be.lessThan(Number(below.inputs["priority"]));
        expect(groupsOf(rule).map(({ weight }) => weight)).to.deep.equal([90, 10]);
        expect(groupsOf(rule).map(({ arn }) => arn)).to.have.length(2);
        expect(rule.protect, "both sides are named").to.equal(false);
      }
    });

    it("is protected where it names one side alone that no default rule leads to", async () => {
      const protectedBy = async (traffic: Readonly<Record<string, number>>) =>
        new Set((await weigh(traffic)).resources.map(({ protect }) => protect));
      expect([...(await protectedBy({ eks: 100 }))]).to.deep.equal([true]);
      expect([...(await protectedBy({ ecs: 100 }))]).to.deep.equal([false]);
      expect([...(await protectedBy({ ecs: 0, eks: 100 }))]).to.deep.equal([false]);
    });

    it("carries everybody once the foundation stands alone", async () => {
      const { error, resources } = await weigh({ eks: 100 }, { dev: none.outputs, "dev-eks": attached.outputs });
      expect(error).to.equal(undefined);
      expect(resources).to.have.length(ofType(ecs, RULE).filter(({ name }) => name.startsWith("default-")).length);
    });

    const refusals = [
      {
        what: "sides that are not up",
        outputs: () => ({ dev: ecs.outputs }),
        says: ["side-routes", "settings.sides.eks", "dev-eks, which runs nothing"],
      },
      {
        what: "a share for a side that has settled",
        outputs: () => ({ dev: none.outputs, "dev-eks": attached.outputs }),
        says: ["side-routes", "settings.sides.ecs", "dev, which runs none"],
      },
      {
        what: "a side on another foundation",
        outputs: () => ({ dev: ecs.outputs, "dev-eks": { ...attached.outputs, foundation: "prod" } }),
        says: ["side-foundation", "settings.sides.eks", "on the foundation of prod"],
      },
      {
        what: "sides that route different paths",
        outputs: () => ({
          dev: ecs.outputs,
          "dev-eks": { ...attached.outputs, routes: (attached.outputs["routes"] as object[]).slice(1) },
        }),
        says: ["side-routes", "settings.sides.eks", "what ecs has"],
      },
    ];
    for (const { what, outputs, says } of refusals) {
      it(`refuses ${what}, before any rule`, async () => {
        const { error, resources } = await weigh({ ecs: 90, eks: 10 }, outputs());
        expect(resources).to.deep.equal([]);
        expect(error?.kind).to.equal("RunError");
        for (const part of says) expect(error?.message).to.contain(part);
      });
    }
  });

  describe("that changes", () => {
    const refused = async (stack: string, given: Parameters<typeof runProgram>[1], ...says: readonly string[]) => {
      const { error, resources } = await runProgram(stack, given);
      expect(resources).to.deep.equal([]);
      expect(error?.kind).to.equal("RunError");
      for (const part of says) expect(error?.message).to.contain(part);
    };
    const target = (name: string) => ({ config: { "cryptotracker:target": name } });

    it("may settle, and come back, while the weights name the other side alone", async () => {
      const settled = await runProgram("dev", { ...target("none"), running: "ecs", weighted: "dev-eks" });
      expect(settled.error).to.equal(undefined);
      expect((await runProgram("dev", { ...target("ecs"), running: "none", weighted: "dev-eks" })).error).to.equal(
        undefined,
      );
    });

    it("may not settle while weights name it", () =>
      refused("dev", { ...target("none"), running: "ecs", weighted: "dev dev-eks" }, "target-flip", "not dev"));

    it("may not settle in prod where nobody else would answer", () =>
      refused("prod", { ...target("none"), running: "ecs" }, "target-flip", "404"));

    it("may not flip in place while there are weights, and names the rehearsal", () =>
      refused(
        "dev",
        { ...target("eks"), running: "ecs", weighted: "dev dev-eks" },
        "target-flip",
        "weights over dev and dev-eks",
        "npm run rehearse -- --stack dev --from ecs --to eks",
      ));

    it("may not flip in place when it is attached", () =>
      refused(
        "dev-eks",
        {
          config: attachedConfig("ecs"),
          outputs: { "dev-eks": { role: "attached", target: "eks", foundation: "dev" } },
        },
        "target-flip",
        "a stack of its own",
      ));

    it("may not leave its foundation behind by attaching itself, or by holding weights", async () => {
      const before = { dev: { role: "full", target: "ecs" } };
      const config = { "cryptotracker:foundation": "stage", "cryptotracker:target": "ecs" };
      await refused("dev", { config, outputs: before }, "role-change", "attached while dev is full");
      await refused(
        "dev-x",
        {
          config: trafficConfig({ ecs: 100 }),
          outputs: { "dev-x": { role: "attached", target: "ecs", foundation: "dev" } },
        },
        "role-change",
        "traffic while dev-x is attached",
      );
    });

    it("may not move to another foundation", () =>
      refused(
        "dev-eks",
        {
          config: attachedConfig("eks"),
          outputs: { "dev-eks": { role: "attached", target: "eks", foundation: "prod" } },
        },
        "role-change",
        "dev while dev-eks hangs on prod",
      ));
  });

  describe("attached", () => {
    const attach = (outputs: Readonly<Record<string, unknown>>, more = {}) =>
      runProgram("dev-eks", { config: attachedConfig("eks", more), outputs: { dev: outputs } });

    it("is refused where there is no foundation to attach to", async () => {
      const { error, resources } = await attach({});
      expect(resources).to.deep.equal([]);
      expect(error?.message).to.contain("foundation-missing").and.contain("pulumi up --stack dev");
    });

    it("is refused where the foundation lacks what the model asks for, key by key", async () => {
      const without = await runProgram("dev", { config: { "cryptotracker:ml": false } });
      const { error, resources } = await attach(without.outputs);
      expect(resources).to.deep.equal([]);
      expect(error?.message).to.contain("foundation-lacks").and.contain("queue.ml-requests.arn");
    });

    it("is refused where its networks are others than the foundation's", async () => {
      const network = {
        vpc: "10.30.0.0/16",
        public: ["10.30.0.0/22", "10.30.4.0/22", "10.30.8.0/22"],
        private: ["10.30.32.0/19", "10.30.64.0/19", "10.30.96.0/19"],
        isolated: ["10.30.16.0/24", "10.30.17.0/24", "10.30.18.0/24"],
      };
      const { error, resources } = await attach(ecs.outputs, { "cryptotracker:network": network });
      expect(resources).to.deep.equal([]);
      expect(error?.message).to.contain("foundation-network").and.contain("10.20.0.0/16");
    });
  });

  it("counts by hand: what is exact is the program's, what has a floor is above it", async () => {
    const replicas = { "preprocessing-service": { exactly: 0 }, "api-service": { atLeast: 6 } };
    const { error, ...run } = await runProgram("dev", { config: { "cryptotracker:replicas": replicas } });
    expect(error).to.equal(undefined);
    const worker = one(run, "ecs/service:Service", "preprocessing-service");
    expect(worker.inputs["desiredCount"]).to.equal(0);
    expect(worker.ignoreChanges).to.deep.equal([]);
    const paused = one(run, "appautoscaling/target:Target", "preprocessing-service");
    expect(Object.values(unmarked(paused.inputs["suspendedState"]) as object)).to.deep.equal([true, true, true]);
    const api = one(run, "ecs/service:Service", "api-service");
    expect(api.inputs["desiredCount"]).to.equal(6);
    expect(one(run, "appautoscaling/target:Target", "api-service").inputs["minCapacity"]).to.equal(6);
    expect(one(run, "ecs/service:Service", "auth-service").ignoreChanges).to.deep.equal(["desiredCount"]);
  });
});
