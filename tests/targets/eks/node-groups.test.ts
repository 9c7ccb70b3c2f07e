import { expect } from "chai";
import fc from "fast-check";
import { cryptotracker } from "../../../platform/cryptotracker.ts";
import type { Hardware, Model, Workload } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { needOf, replicas } from "../../../targets/eks/demand.ts";
import { nodeGroups, type NodeGroup } from "../../../targets/eks/node-groups.ts";
import type { Amounts, Batch } from "../../../targets/eks/packing.ts";
import { dev, devModel, prod, withWorkload, workload } from "../../support/stacks.ts";
import { podOf } from "./fixtures.ts";
import { place, pods, policies } from "./placing.ts";

const prodModel = cryptotracker(prod);
const sentiment = workload("sentiment-processor", "worker");
const on = (hardware: Hardware, more: Partial<Workload["compute"]> = {}): Model =>
  withWorkload({ ...sentiment, compute: { ...sentiment.compute, on: hardware, ...more } });
const withNodes = (nodes: Settings["eks"]["nodes"], stack: Settings = dev): Settings => ({
  ...stack,
  eks: { ...stack.eks, nodes },
});

function group(name: string, model: Model = devModel, settings: Settings = dev): NodeGroup {
  const found = nodeGroups(model, settings).find((each) => each.name === name);
  if (!found) throw new Error(`no group ${name}`);
  return found;
}

const counted = (model: Model, settings: Settings) =>
  nodeGroups(model, settings).map(({ name, min, desired, max }) => [name, min, desired, max]);
const typeNames = ({ instanceTypes }: NodeGroup): readonly string[] => instanceTypes.map(({ name }) => name);

describe("node groups", () => {
  it("are one for each way in which hardware is bought, as large as what stands on them", () => {
    // general, desired: 3 api and 2 preprocessing of 1000m, 2 sentiment of 4000m, 10 of 500m, 2 of 250m are 18500m, and
    // operators 1495m: 19995 / 7430 = 2.7. general, most: of 84 pods with 92000m, nine sentiment processors fill a node
    // each, and what keeps the tenth (4000m) out of another takes 7430 - 4000 + 1 = 3431m of it: the other 52000m do so
    // on 15.2 nodes, the operators on half of one. 9 + 15 + the tenth's + a spare one.
    // gpu-a10g: three replicas of one device each and a spare; the nightly job's node comes with the job.
    expect(counted(devModel, dev)).to.deep.equal([
      ["general", 2, 3, 26],
      ["gpu-a10g", 1, 1, 4],
      ["gpu-a10g-spot", 0, 0, 2],
    ]);
  });

  it("are wider in prod, where a p4d's eight devices are shared", () => {
    // general, desired: 6 api, 2 preprocessing, 3 sentiment, 14 of 500m and 2 of 250m are 27500m, and 1495m: 3.9 nodes.
    expect(counted(prodModel, prod)).to.deep.equal([
      ["general", 3, 4, 26],
      ["gpu-a100", 1, 1, 2],
      ["gpu-a100-spot", 0, 0, 2],
    ]);
    expect(typeNames(group("gpu-a100", prodModel, prod))).to.deep.equal(["p4d.24xlarge"]);
  });

  it("are the general one alone in phase 1", () => {
    const settings = { ...dev, ml: false };
    expect(nodeGroups(cryptotracker(settings), settings).map(({ name }) => name)).to.deep.equal(["general"]);
  });

  it("have the images, the purchase and the types of their hardware", () => {
    const shown = nodeGroups(devModel, dev).map(({ amiType, capacityType, ...each }) => [
      each.name,
      amiType,
      capacityType,
      typeNames({ amiType, capacityType, ...each }).join(" "),
    ]);
    expect(shown).to.deep.equal([
      ["general", "AL2023_x86_64_STANDARD", "ON_DEMAND", "m7i.2xlarge m6i.2xlarge"],
      ["gpu-a10g", "AL2023_x86_64_NVIDIA", "ON_DEMAND", "g5.xlarge"],
      ["gpu-a10g-spot", "AL2023_x86_64_NVIDIA", "SPOT", "g5.xlarge g5.2xlarge g5.4xlarge"],
    ]);
  });

  it("stand together with EFA where the machines have it, and never on spot", () => {
    const placed = [...nodeGroups(devModel, dev), ...nodeGroups(prodModel, prod)];
    expect(placed.filter(({ together }) => together).map(({ name }) => name)).to.deep.equal(["gpu-a10g", "gpu-a100"]);
    expect(placed.filter(({ efa }) => efa).map(({ name }) => name)).to.deep.equal(["gpu-a100"]);
  });

  it("keep the general group in all zones even when a workload is to be together", () => {
    expect(group("general", withWorkload({ ...sentiment, zones: "together" })).together).to.equal(false);
  });

  it("have disk for what their pods reserve, and the tenth that the kubelet keeps free", () => {
    // 60 for the system, 1 reserved; 29 pods of 250m on a general node with 1 GiB each; one or eight devices with 50.
    expect(group("general").rootVolume).to.equal(Math.ceil((60 + 29 + 1) / 0.9));
    expect(group("gpu-a10g").rootVolume).to.equal(Math.ceil((60 + 50 + 1) / 0.9));
    expect(group("gpu-a100", prodModel, prod).rootVolume).to.equal(Math.ceil((60 + 8 * 50 + 1) / 0.9));
  });

  it("exist for memory and disk operations where a workload asks, and not for stores of our own", () => {
    expect(typeNames(group("memory", on({ pool: "memory" })))).to.deep.equal(["r7i.2xlarge", "r6i.2xlarge"]);
    expect(typeNames(group("iops", on({ pool: "iops" })))).to.deep.equal(["i4i.2xlarge", "i3en.2xlarge"]);
    const selfHosted: Settings = { ...dev, stores: "selfHosted" };
    expect(nodeGroups(cryptotracker(selfHosted), selfHosted)).to.deep.equal(nodeGroups(devModel, dev));
  });

  it("are of Graviton for what is built for it", () => {
    const { amiType, instanceTypes } = group("general-arm64", on({ pool: "general" }, { architecture: "arm64" }));
    expect(amiType).to.equal("AL2023_ARM_64_STANDARD");
    expect(instanceTypes[0].name).to.equal("m7g.2xlarge");
  });

  it("follow the stack's own machines and counts, in its order of preference", () => {
    const given = withNodes({ general: { instanceTypes: ["m6i.4xlarge", "m7i.4xlarge"], min: 4, max: 20 } });
    const general = group("general", devModel, given);
    expect(typeNames(general)).to.deep.equal(["m6i.4xlarge", "m7i.4xlarge"]);
    // 19995m fit on two of them; the minimum holds.
    expect([general.min, general.desired, general.max]).to.deep.equal([4, 4, 20]);
  });

  it("count with the smallest of several types, and have disk for the largest", () => {
    const mixed = group("general", devModel, withNodes({ general: { instanceTypes: ["m7i.4xlarge", "m7i.2xlarge"] } }));
    expect(mixed.max).to.equal(group("general").max);
    // An m7i.4xlarge has CPU for 61 pods of 250m, and 54 branch interfaces.
    expect(mixed.rootVolume).to.equal(Math.ceil((60 + 54 + 1) / 0.9));
  });

  it("leave room for the cluster's own pods wherever no taint keeps them out", () => {
    // Ten pods of 7000m: nine fill a node each. What keeps the tenth out of another is 7430 - 7000 + 1 = 431m, which the
    // operators' 1495m are on three nodes and a half. 9 + 3 + the tenth's + a spare one.
    expect(group("memory", on({ pool: "memory" }, { cpu: 7168 })).max).to.equal(14);
  });
});

describe("pods and their nodes", () => {
  for (const each of devModel.workloads) {
    const nodes = () => group(each.name === "model-training" ? "gpu-a10g-spot" : usual(each));
    const usual = ({ compute }: Workload): string => (compute.on.pool === "gpu" ? "gpu-a10g" : "general");

    it(`let ${each.name} in by label and taint, and only there`, () => {
      const { nodeSelector = {}, tolerations = [] } = podOf(each.name);
      const { "kubernetes.io/arch": architecture, ...ours } = nodeSelector;
      expect(architecture).to.equal("amd64");
      expect(ours).to.include({ "cryptotracker.internal/pool": each.compute.on.pool });
      expect(nodes().labels).to.include(ours);
      const others = nodeGroups(devModel, dev).filter(({ name }) => name !== nodes().name);
      for (const { labels, taints, name } of others) {
        const kept = taints.some(
          (taint) => !tolerations.some(({ key, value }) => key === taint.key && value === taint.value),
        );
        const selected = Object.entries(ours).every(([label, value]) => labels[label] === value);
        expect(kept || !selected, name).to.equal(true);
      }
      expect(tolerations.map(({ key, value }) => `${key}=${value}`)).to.deep.equal(
        nodes().taints.map(({ key, value }) => `${key}=${value}`),
      );
    });

    it(`count what ${each.name} really requests`, () => {
      const { requests = {} } = podOf(each.name).container.resources ?? {};
      const { cpu = "", memory = "" } = requests;
      const { milliCpu, memory: memoryMiB, gpus } = needOf(each);
      expect(milliCpu).to.equal(cpu.endsWith("m") ? Number.parseInt(cpu) : 1000 * Number(cpu));
      expect(memoryMiB).to.equal(Number.parseInt(memory) * (memory.endsWith("Gi") ? 1024 : 1));
      expect(gpus).to.equal(Number(requests["nvidia.com/gpu"] ?? 0));
      // What the disk is sized for.
      expect(requests["ephemeral-storage"]).to.equal(gpus > 0 ? "50Gi" : "1Gi");
    });
  }
});

/** By hand in allocatable.test.ts. */
const GENERAL_NODE: Amounts = { milliCpu: 7430, memory: 28_472, gpus: 0, pods: 104, branchInterfaces: 38 };
/** Beside the workloads: the cluster's own, at least. */
const CORE_DNS: Batch = { need: { milliCpu: 100, memory: 70, gpus: 0, pods: 1, branchInterfaces: 0 }, count: 2 };

const sizes = fc.record({
  cpu: fc.integer({ min: 1, max: 28 }).map((quarters) => quarters * 256),
  memory: fc.integer({ min: 1, max: 27 }).map((gib) => gib * 1024),
  min: fc.integer({ min: 1, max: 5 }),
  more: fc.integer({ min: 0, max: 5 }),
  most: fc.integer({ min: 0, max: 20 }),
});
const NAMES = ["api-service", "websocket-service", "auth-service", "sentiment-processor"] as const;
const models = fc.tuple(...NAMES.map(() => sizes)).map((given): Model =>
  NAMES.reduce((model, name, index) => {
    const found = model.workloads.find((each) => each.name === name);
    const size = given[index];
    if (!found || !size || found.kind === "job" || "singleton" in found.scaling)
      throw new Error(`no ${name} that scales`);
    const { cpu, memory, min, more, most } = size;
    const compute = { ...found.compute, cpu, memory };
    const scaling = { ...found.scaling, min, desired: min + more, max: min + more + most };
    return withWorkload(
      found.kind === "service" ? { ...found, compute, scaling } : { ...found, compute, scaling },
      model,
    );
  }, devModel),
);

describe("the general group, whatever its workloads", () => {
  const wanted = (model: Model, at: "desired" | "max"): readonly Amounts[] => [
    ...pods([CORE_DNS]),
    ...model.workloads
      .filter(({ compute }) => compute.on.pool === "general")
      .flatMap((each) => pods([{ need: needOf(each), count: replicas(each, at) }])),
  ];

  it("holds all replicas at their maximum, in any order and however a scheduler spreads them", () => {
    fc.assert(
      fc.property(models, fc.constantFrom(...Object.values(policies)), fc.boolean(), (model, policy, backwards) => {
        const all = wanted(model, "max");
        const order = backwards ? [...all].reverse() : all;
        // One less than it may have: that one is for a machine that is being replaced.
        expect(place(order, group("general", model).max - 1, GENERAL_NODE, policy)).to.equal(all.length);
      }),
      { numRuns: 60 },
    );
  });

  it("holds the desired replicas on the desired nodes, the largest first", () => {
    fc.assert(
      fc.property(models, (model) => {
        const all = [...wanted(model, "desired")].sort((a, b) => share(b) - share(a));
        expect(place(all, group("general", model).desired, GENERAL_NODE, policies.first)).to.equal(all.length);
      }),
      { numRuns: 60 },
    );
  });

  it("never has fewer than it needs to outlive a node, nor a desired count outside its bounds", () => {
    fc.assert(
      fc.property(models, (model) => {
        for (const { min, desired, max } of nodeGroups(model, dev)) {
          expect(min).to.be.at.most(desired);
          expect(desired).to.be.at.most(max);
        }
        expect(group("general", model).min).to.equal(2);
      }),
      { numRuns: 60 },
    );
  });

  const share = ({ milliCpu, memory, pods: count, branchInterfaces }: Amounts): number =>
    Math.max(
      milliCpu / GENERAL_NODE.milliCpu,
      memory / GENERAL_NODE.memory,
      count / GENERAL_NODE.pods,
      branchInterfaces / GENERAL_NODE.branchInterfaces,
    );
});
