import { expect } from "chai";
import type { Hardware, Workload } from "../../../platform/model/types.ts";
import { compile } from "../../../targets/ecs/compile.ts";
import { instanceTypes } from "../../../targets/aws/instance-types.ts";
import { replicasPerInstance } from "../../../targets/ecs/density.ts";
import { pools } from "../../../targets/ecs/pools.ts";
import { read } from "../../../targets/ecs/read.ts";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import { dev, devModel, problemsOf, prod, valueOf, withWorkload, workload } from "../../support/stacks.ts";

const inference = workload("ml-inference-service", "service");
const training = workload("model-training", "job");
const sentiment = workload("sentiment-processor", "worker");

const on = (hardware: Hardware): Workload => ({ ...sentiment, compute: { ...sentiment.compute, on: hardware } });
const refused = (...changed: readonly Workload[]): string[] =>
  problemsOf(
    compile(
      changed.reduce((model, each) => withWorkload(each, model), devModel),
      dev,
    ),
  ).map(({ code, path }) => `${path} ${code}`);

describe("EC2 pools", () => {
  it("are what the workloads ask for, each way of buying one", () => {
    expect(pools(devModel)).to.have.length(2);
    expect(
      pools(devModel).map(({ name, spot, together, mostInstances, rootVolume }) => [
        name,
        spot,
        together,
        mostInstances,
        rootVolume,
      ]),
    ).to.deep.equal([
      ["cryptotracker-gpu-a10g", false, true, 4, 110],
      ["cryptotracker-gpu-a10g-spot", true, false, 2, 110],
    ]);
  });

  it("share a p4d's eight devices, and its disk is sized for that", () => {
    const [first] = pools(cryptotracker(prod));
    expect(first?.types[0].name).to.equal("p4d.24xlarge");
    expect(first?.mostInstances).to.equal(2);
    expect(first?.rootVolume).to.equal(60 + 8 * 50);
  });

  it("exist for memory and disk operations where a workload asks", () => {
    for (const pool of ["memory", "iops"] as const) {
      const names = pools(withWorkload(on({ pool }))).map(({ name, image }) => `${name} ${image}`);
      expect(names).to.include(`cryptotracker-${pool} standard`);
      expect(refused(on({ pool }))).to.deep.equal([]);
    }
  });

  it("are none in phase 1", () => expect(pools(cryptotracker({ ...dev, ml: false }))).to.deep.equal([]));

  it("offer spot only types that hold what the first one holds", () => {
    for (const hardware of [inference.compute.on, { pool: "memory" }, { pool: "iops" }] as const) {
      const [first, ...others] = instanceTypes(hardware);
      for (const other of others) {
        for (const field of ["vcpu", "memory", "gpus", "interfaces"] as const) {
          expect(other[field], `${other.name} ${field}`).to.be.at.least(first[field]);
        }
      }
    }
  });

  it("run out of devices before interfaces: trunking would change nothing", () => {
    for (const each of [inference, training]) {
      const [instance] = instanceTypes(each.compute.on);
      expect(replicasPerInstance(each, instance)).to.equal(instance.gpus).and.be.below(instance.interfaces);
    }
  });

  it("refuse what no machine of theirs holds", () => {
    const large = { ...inference, compute: { ...inference.compute, memory: 20_000 } };
    expect(problemsOf(compile(withWorkload(large), dev))).to.deep.equal([
      {
        code: "instance-too-small",
        path: "services.ml-inference-service.compute",
        found: "3 vCPU, 20000 MiB, 1 GPUs",
        allowed: "what a g5.xlarge holds: 4 vCPU, 14745 MiB, 1 GPUs",
      },
    ]);
  });

  it("refuse ARM, for which there are neither machines nor images", () => {
    const arm = { ...inference, compute: { ...inference.compute, architecture: "arm64" } } as const;
    expect(refused(arm)).to.deep.equal(["services.ml-inference-service.compute.architecture ec2-architecture"]);
  });

  it("refuse members that do not agree on their zones", () => {
    const odd: Workload = { ...sentiment, uses: [], compute: { ...inference.compute } };
    expect(refused(odd)).to.deep.equal(["services.sentiment-processor.zones pool-zones"]);
  });

  it("are refused without an image of their kind", () => {
    expect(problemsOf(compile(devModel, { ...dev, machineImages: {} })).map(({ path }) => path)).to.deep.equal([
      "settings.machineImages.gpu",
    ]);
    const memory = withWorkload(on({ pool: "memory" }));
    const { gpu } = dev.machineImages;
    expect(problemsOf(compile(memory, { ...dev, machineImages: { gpu } })).map(({ path }) => path)).to.deep.equal([
      "settings.machineImages.standard",
    ]);
  });
});

describe("zones", () => {
  const unit = (changed: Workload) => {
    const found = valueOf(compile(withWorkload(changed), dev)).units[changed.name];
    if (!found) throw new Error(`no unit ${changed.name}`);
    return found;
  };

  it("are all three unless a workload is to be together", () => {
    expect(read(unit(sentiment)).zones).to.equal("spread");
    expect(read(unit(on({ pool: "memory" }))).zones).to.equal("spread");
    expect(read(unit(training)).zones).to.equal("any");
  });

  it("are one on Fargate by its subnets alone, for it takes no constraint", () => {
    const { service } = unit({ ...sentiment, zones: "together" });
    expect(service?.networkConfiguration?.awsvpcConfiguration?.subnets).to.deep.equal([
      "${network.private-0.subnetId}",
    ]);
    expect(service).to.not.have.any.keys("placementConstraints", "placementStrategy");
    expect(service?.availabilityZoneRebalancing).to.equal("DISABLED");
    expect(read(unit({ ...sentiment, zones: "together" })).zones).to.equal("together");
  });

  it("are one on EC2 by constraint and subnets both: one without the other is neither", () => {
    const good = unit(inference);
    expect(read(good).zones).to.equal("together");
    expect(read({ ...good, service: { ...good.service, serviceName: "x", placementConstraints: [] } }).zones).to.equal(
      "any",
    );
  });
});

describe("jobs on ECS", () => {
  it("may not call a service: a task of no service knows none of Service Connect's names", () => {
    const calls = {
      ...training,
      uses: [{ as: "X", to: { kind: "service", name: "api-service" }, access: "call" }],
    } as const;
    expect(refused(calls)).to.deep.equal(["services.model-training.uses.0 job-calls-service"]);
  });
});
