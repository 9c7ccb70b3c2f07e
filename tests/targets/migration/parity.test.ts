import { expect } from "chai";
import fc from "fast-check";
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Settings } from "../../../platform/settings.ts";
import { losses as ecsLosses } from "../../../targets/ecs/losses.ts";
import { losses as eksLosses } from "../../../targets/eks/losses.ts";
import { losses as kubernetesLosses } from "../../../targets/kubernetes/losses.ts";
import { expected } from "../../../targets/migration/expected.ts";
import { compare, isFinding, type Side } from "../../../targets/migration/parity.ts";
import { COMPILERS, compileModel, compileStack, parityOf } from "../../../targets/stack.ts";
import { dev, devModel, ROOT, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const api = workload("api-service", "service");
const alone = { ...devModel, workloads: [api] };
const wanted = expected(api, alone, dev);

/** The findings when one side does this, and the other services are left out. */
function findings(found: Behaviour, target: Side["target"], losses: Side["losses"]) {
  return compare(alone, dev, [{ target, behaviours: { [api.name]: found }, losses }]).differences.filter(isFinding);
}

describe("parity", () => {
  for (const stack of ["dev", "prod"]) {
    it(`finds nothing undeclared in ${stack}`, () => {
      const parity = parityOf(valueOf(compileStack(ROOT, stack, COMPILERS)));
      expect(parity.differences.filter(isFinding)).to.deep.equal([]);
      expect(parity.services).to.have.length(12);
    });
  }

  it("compares every field of a behaviour", () => {
    const parity = parityOf(valueOf(compileStack(ROOT, "dev", COMPILERS)));
    expect(parity.fields).to.have.members(Object.keys(wanted));
  });

  it("names service, field and both values", () => {
    expect(findings({ ...wanted, ports: [3002] }, "ecs", ecsLosses)).to.deep.equal([
      { target: "ecs", service: "api-service", field: "ports", wanted: [3001], found: [3002], loss: null },
    ]);
  });

  it("misses a service that a side does not have", () => {
    const { differences } = compare(alone, dev, [{ target: "ecs", behaviours: {}, losses: ecsLosses }]);
    expect(differences.filter(isFinding)).to.have.length(1);
  });

  it("holds margins on one side only: never earlier, at most 15 s later", () => {
    const at = (stopTimeout: number) => findings({ ...wanted, stopTimeout }, "kubernetes", kubernetesLosses).length;
    expect([29, 30, 45, 46].map(at)).to.deep.equal([1, 0, 0, 1]);
  });

  it("waives no field whole: a value that a loss does not describe is a finding", () => {
    const strange: Partial<Behaviour>[] = [
      { initialCount: 7 },
      { evictedAtOnce: 2 },
      { identity: [{ actions: ["*"], resources: ["*"] }] },
      { logs: "/elsewhere" },
      { scaling: { min: 1, max: 20, targets: { cpu: 70, memory: 80 }, outCooldown: 60, inCooldown: 300 } },
      { rollout: wanted.rollout.map((step) => ({ ...step, atLeast: step.atLeast - 1 })) },
      { reaches: { ...wanted.reaches, internet: [443] } },
      { readiness: wanted.readiness && { ...wanted.readiness, path: "/" } },
      { cpu: 4, cpuCap: 4 },
      { memoryLimit: 4096 },
      { drain: 0 },
    ];
    for (const change of strange) {
      for (const [target, losses] of [
        ["ecs", ecsLosses],
        ["eks", eksLosses],
        ["kubernetes", kubernetesLosses],
      ] as const) {
        expect(
          findings({ ...wanted, ...change }, target, losses),
          `${target} ${JSON.stringify(change)}`,
        ).to.not.deep.equal([]);
      }
    }
  });

  it("has a rule's sentence for every loss, and no code twice on one field", () => {
    for (const losses of [ecsLosses, eksLosses, kubernetesLosses]) {
      const keys = losses.map(({ code, path }) => `${code} ${path}`);
      expect(new Set(keys).size).to.equal(keys.length);
      for (const { because } of losses) expect(because).to.match(/\.$/);
    }
  });

  it("says where the forms differ from each other and by whose leave", () => {
    const { between } = parityOf(valueOf(compileStack(ROOT, "dev", COMPILERS)));
    expect(between.find(({ service, field }) => service === "api-service" && field === "initialCount")).to.deep.include(
      {
        found: { ecs: 3, eks: 1, kubernetes: 1 },
        losses: ["eks starts-at-one", "kubernetes starts-at-one"],
      },
    );
    const unexplained = between.filter(({ losses }) => losses.length === 0).map(({ field }) => field);
    expect([...new Set(unexplained)]).to.deep.equal(["stopTimeout"]);
  });

  it("holds for any workload that all targets take", () => {
    const sizes = fc.record({
      cpu: fc.integer({ min: 64, max: 16384 }),
      memory: fc.integer({ min: 64, max: 60_000 }),
      cpuCap: fc.constantFrom("hard" as const, "burst" as const),
      counts: fc.tuple(fc.integer({ min: 1, max: 6 }), fc.nat(6), fc.nat(12)),
      minHealthy: fc.integer({ min: 0, max: 100 }),
      surge: fc.integer({ min: 1, max: 100 }),
      drain: fc.nat(300),
      stopTimeout: fc.integer({ min: 1, max: 120 }),
      grace: fc.nat(300),
      interval: fc.integer({ min: 6, max: 300 }),
    });
    // Fargate's largest task takes more than the usual node, and hundreds of nodes more than dev's subnets.
    const roomy: Settings = {
      ...dev,
      network: { ...dev.network, vpc: "10.0.0.0/8", private: ["10.64.0.0/11", "10.96.0.0/11", "10.128.0.0/11"] },
      eks: { ...dev.eks, nodes: { general: { instanceTypes: ["m7i.8xlarge"] } } },
    };
    fc.assert(
      fc.property(
        sizes,
        ({
          cpu,
          memory,
          cpuCap,
          counts: [min, more, most],
          minHealthy,
          surge,
          drain,
          stopTimeout,
          grace,
          interval,
        }) => {
          // A rollout that has no room at some count is the model's to refuse.
          const counts = Array.from({ length: more + most + 1 }, (_, index) => min + index);
          fc.pre(counts.every((n) => Math.floor((n * (100 + surge)) / 100) > Math.ceil((n * minHealthy) / 100)));
          const changed = {
            ...api,
            compute: { ...api.compute, cpu, memory, cpuCap },
            scaling: { ...api.scaling, min, desired: min + more, max: min + more + most },
            rollout: { strategy: "surge" as const, minHealthy, max: 100 + surge },
            shutdown: { drain, stopTimeout },
            probes: { live: { ...api.probes.live, interval }, ready: { ...api.probes.ready, interval }, grace },
          };
          const parity = parityOf(valueOf(compileModel(withWorkload(changed), roomy, COMPILERS)));
          expect(parity.differences.filter(isFinding)).to.deep.equal([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});
