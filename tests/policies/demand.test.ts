/** One model, two targets, one demand: what the limits are held against. */
import { expect } from "chai";
import { demandsOf } from "../../policies/demand/demands.ts";
import { holds } from "../../policies/demand/instance-types.ts";
import { quantity } from "../../policies/demand/quantity.ts";
import type { Demand } from "../../policies/demand/types.ts";
import { graphOf } from "../../policies/framework/graph.ts";
import { resourcesOf } from "../../policies/program/resources.ts";
import { devModel } from "../support/stacks.ts";
import { runProgram } from "../program/support/run.ts";

async function demands(target: string): Promise<ReadonlyMap<string, Demand>> {
  const run = await runProgram("dev", { config: { "cryptotracker:target": target } });
  expect(run.error).to.equal(undefined);
  const unknown: string[] = [];
  const found = demandsOf(graphOf(resourcesOf(run).asked), (what) => unknown.push(what));
  expect(unknown).to.deep.equal([]);
  return new Map(found.map((demand) => [demand.service, demand]));
}

describe("what a stack's workloads take", function () {
  this.timeout(120_000);
  let ecs: ReadonlyMap<string, Demand>;
  let eks: ReadonlyMap<string, Demand>;
  before(async () => {
    ecs = await demands("ecs");
    eks = await demands("eks");
  });

  it("is read for every workload of the model, on both targets", () => {
    for (const { name } of devModel.workloads) {
      expect(ecs.has(name), `ecs ${name}`).to.equal(true);
      expect(eks.has(name), `eks ${name}`).to.equal(true);
    }
  });

  it("is the same in CPU, memory, GPUs and replicas", () => {
    for (const { name } of devModel.workloads) {
      const [a, b] = [ecs.get(name), eks.get(name)];
      const comparable = (demand: Demand | undefined) => ({
        vcpu: demand?.each.vcpu,
        memoryGiB: demand?.each.memoryGiB,
        gpus: demand?.each.gpus,
        most: demand?.most,
      });
      expect(comparable(a), name).to.deep.equal(comparable(b));
    }
  });

  it("is what the model says", () => {
    for (const workload of devModel.workloads) {
      const demand = ecs.get(workload.name);
      const { memory, on } = workload.compute;
      expect(demand?.each.memoryGiB, workload.name).to.equal(memory / 1024);
      expect(demand?.each.gpus, workload.name).to.equal(on.pool === "gpu" ? on.gpus : 0);
      if (workload.kind !== "job" && "max" in workload.scaling) {
        expect(demand?.most, workload.name).to.equal(workload.scaling.max);
      }
    }
  });
});

describe("sizes by name", () => {
  it("of Kubernetes quantities", () => {
    const cases = { "500m": 0.5, "2": 2, "1Gi": 2 ** 30, "1G": 1e9, "1e3": 1000, "128Mi": 2 ** 27, "": undefined };
    for (const [text, amount] of Object.entries(cases)) expect(quantity(text), text).to.equal(amount);
    expect(quantity("2 GiB")).to.equal(undefined);
  });

  /** @source EC2 user guide, "Instance type specifications", 2026-11 */
  const TYPES: Readonly<Record<string, readonly [vcpu: number, memoryGiB: number, gpus: number]>> = {
    "t3.medium": [2, 4, 0],
    "m7i.xlarge": [4, 16, 0],
    "m7g.medium": [1, 4, 0],
    "c6a.large": [2, 4, 0],
    "r7i.2xlarge": [8, 64, 0],
    "i4i.2xlarge": [8, 64, 0],
    "g5.xlarge": [4, 16, 1],
    "g5.12xlarge": [48, 192, 4],
    "g5.48xlarge": [192, 768, 8],
    "p4d.24xlarge": [96, 1152, 8],
    "p5.48xlarge": [192, 2048, 8],
  };
  for (const [type, [vcpu, memoryGiB, gpus]] of Object.entries(TYPES)) {
    it(`of a ${type}`, () => expect(holds(type)).to.deep.include({ vcpu, memoryGiB, gpus }));
  }

  it("and says when it can't tell", () => {
    expect(holds("u-6tb1.metal")).to.equal(undefined);
    expect(holds("q9.xlarge")).to.equal(undefined);
  });
});
