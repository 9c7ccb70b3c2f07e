import { expect } from "chai";
import fc from "fast-check";
import { machinesFor, shareOf } from "../../../targets/cost/machines.ts";
import { nodesPacked, type Amounts, type Batch } from "../../../targets/eks/packing.ts";

/** What an m7i.2xlarge has for pods, roughly. */
const NODE: Amounts = { milliCpu: 7400, memory: 28_000, gpus: 0, pods: 100, branchInterfaces: 38 };
const GPU_NODE: Amounts = { ...NODE, gpus: 8 };

function pods(milliCpu: number, memory: number, count: number, gpus = 0): Batch {
  return { need: { milliCpu, memory, gpus, pods: 1, branchInterfaces: 1 }, count };
}

const batch = fc
  .record({
    milliCpu: fc.constantFrom(250, 500, 1000, 2000, 3000, 4000, 7000),
    memory: fc.integer({ min: 1, max: 56 }).map((halves) => halves * 500),
    count: fc.integer({ min: 0, max: 20 }),
    gpus: fc.integer({ min: 0, max: 8 }),
  })
  .map(({ milliCpu, memory, count, gpus }) => pods(milliCpu, memory, count, gpus));
const batches = fc.array(batch, { minLength: 1, maxLength: 12 });

describe("machines", () => {
  const counted: readonly [what: string, machines: number, set: readonly Batch[], room?: Amounts][] = [
    ["nothing takes none", 0, []],
    ["no replica takes none", 0, [pods(1000, 2000, 0)]],
    ["seven of 1 vCPU fit on 7.4", 1, [pods(1000, 2000, 7)]],
    ["the eighth does not", 2, [pods(1000, 2000, 8)]],
    ["two of 4 vCPU do not share 7.4, though 8 vCPU is little more", 2, [pods(4000, 8000, 2)]],
    ["six of 4 vCPU take six, and leave room for 18 of 1", 6, [pods(4000, 8000, 6), pods(1000, 2000, 18)]],
    ["memory runs out first", 3, [pods(500, 14_000, 6)]],
    ["interfaces run out first", 2, [pods(10, 10, 39)]],
    ["eight devices of one machine", 1, [pods(500, 1000, 4, 2)], GPU_NODE],
    ["and the ninth", 2, [pods(500, 1000, 9, 1)], GPU_NODE],
    ["three that take three of eight devices each", 2, [pods(500, 1000, 3, 3)], GPU_NODE],
  ];
  for (const [what, machines, set, room = NODE] of counted) {
    it(what, () => {
      expect(machinesFor(set, room)).to.equal(machines);
    });
  }

  it("are never enough for what is larger than one", () => {
    expect(machinesFor([pods(8000, 1000, 1)], NODE)).to.equal(Infinity);
    expect(machinesFor([pods(100, 100, 1, 1)], NODE)).to.equal(Infinity);
  });

  it("are no more than a first-fit packing takes", () => {
    fc.assert(
      fc.property(batches, (set) => {
        expect(machinesFor(set, GPU_NODE)).to.be.at.most(nodesPacked(set, GPU_NODE));
      }),
    );
  });

  it("are never fewer for one replica more", () => {
    fc.assert(
      fc.property(batches, fc.nat(), (set, which) => {
        const more = set.map((each, index) =>
          index === which % set.length ? { ...each, count: each.count + 1 } : each,
        );
        expect(machinesFor(more, GPU_NODE)).to.be.at.least(machinesFor(set, GPU_NODE));
      }),
    );
  });

  it("are never fewer for a larger replica", () => {
    const growth = fc.record({ milliCpu: fc.nat(2000), memory: fc.nat(8000), gpus: fc.nat(2) });
    fc.assert(
      fc.property(batches, fc.nat(), growth, (set, which, by) => {
        const larger = set.map((each, index) => {
          const { need } = each;
          const grown = {
            ...need,
            milliCpu: need.milliCpu + by.milliCpu,
            memory: need.memory + by.memory,
            gpus: need.gpus + by.gpus,
          };
          return index === which % set.length ? { ...each, need: grown } : each;
        });
        expect(machinesFor(larger, GPU_NODE)).to.be.at.least(machinesFor(set, GPU_NODE));
      }),
    );
  });

  it("are shared by what a tenant takes most of", () => {
    expect(shareOf(pods(3700, 2800, 1).need, NODE)).to.equal(0.5);
    expect(shareOf(pods(740, 7000, 1).need, NODE)).to.equal(0.25);
    expect(shareOf(pods(740, 2800, 1, 4).need, GPU_NODE)).to.equal(0.5);
  });
});
