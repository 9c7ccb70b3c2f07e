import { expect } from "chai";
import { choiceOf, type InstanceType } from "../../../targets/aws/instance-types.ts";
import { allocatable, maxPods } from "../../../targets/eks/allocatable.ts";

function named(name: string): InstanceType {
  const kinds = [
    { pool: "general" },
    { pool: "memory" },
    { pool: "iops" },
    { pool: "gpu", gpus: 1, gpu: "a10g" },
    { pool: "gpu", gpus: 1, gpu: "a100" },
  ] as const;
  const all = kinds.flatMap((on) => {
    const choice = choiceOf({ on, architecture: "x86_64" });
    return choice ? [...choice.usual, ...choice.others] : [];
  });
  const found = all.find((each) => each.name === name);
  if (!found) throw new Error(`The table has no ${name}`);
  return found;
}

describe("what a node offers its pods", () => {
  it("is less than its machine by what the system, the kubelet and the agents take", () => {
    // CPU: 8000 less 60 + 10 + 2 × 5 + 4 × 2.5 for the kubelet, less 50 + 100 + 30 + 0 + 250 + 50 for six daemons.
    // Memory: 32 × 1024 × 0.925 = 30310 visible, less 255 + 11 × 110 reserved, 100 before eviction, 120 + 128 + 25.
    expect(allocatable(named("m7i.2xlarge"))).to.deep.equal({
      milliCpu: 8000 - 90 - 480,
      memory: 30_310 - 1465 - 100 - 273,
      gpus: 0,
      pods: 110 - 6,
      branchInterfaces: 38,
    });
  });

  it("is not four CPUs on a machine with four", () => {
    // 60 + 10 + 5 + 5 for the kubelet, 480 for the daemons.
    expect(allocatable(named("m7i.xlarge")).milliCpu).to.equal(3440);
  });

  it("is less again beside GPUs, for their plugin and their exporter", () => {
    // CPU: 4000 less 80, 480, 25 and 250. Memory: 16 × 1024 × 0.925 = 15155, less 1465, 100, 273, 64 and 128.
    expect(allocatable(named("g5.xlarge"))).to.deep.equal({
      milliCpu: 3165,
      memory: 13_125,
      gpus: 1,
      pods: 110 - 8,
      branchInterfaces: 4,
    });
  });

  it("pays for as many pods as a large machine could hold without prefixes", () => {
    // CPU: 96000 less 60 + 10 + 10 + 92 × 2.5 = 310, less 755. Memory: 1152 × 1024 × 0.925 = 1091174 visible; reserved for
    // 15 × 49 + 2 = 737 pods, three times what the node may run: 255 + 11 × 737 = 8362; then 100 and 273 + 192.
    expect(allocatable(named("p4d.24xlarge"))).to.deep.include({
      milliCpu: 96_000 - 310 - 755,
      memory: 1_091_174 - 8362 - 100 - 465,
      gpus: 8,
      pods: 250 - 8,
    });
  });
});

describe("the most pods of a node", () => {
  it("are 110 on small machines and 250 on large ones, far below what their addresses allow", () => {
    expect(maxPods(named("g5.xlarge"))).to.equal(110);
    expect(maxPods(named("m7i.4xlarge"))).to.equal(110);
    expect(maxPods(named("p4d.24xlarge"))).to.equal(250);
  });

  it("are what its addresses allow when those run out first", () => {
    // Two interfaces, one of them the trunk: three prefixes of 16 on the other, and two pods with the node's address.
    expect(maxPods({ ...named("m7i.xlarge"), interfaces: 2, addressesPerInterface: 4 })).to.equal(50);
  });

  it("use the first network card alone", () => {
    const wide = { ...named("m7i.xlarge"), interfaces: 8, networkCards: 4, addressesPerInterface: 4 };
    expect(maxPods(wide)).to.equal(50);
  });
});
