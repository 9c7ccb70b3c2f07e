import { expect } from "chai";
import fc from "fast-check";
import { nodesInAnyOrder, nodesPacked, type Amounts, type Batch } from "../../../targets/eks/packing.ts";
import { onePod, place, pods, policies } from "./placing.ts";

const node = (milliCpu: number, more: Partial<Amounts> = {}): Amounts => ({
  milliCpu,
  memory: 100,
  gpus: 0,
  pods: 100,
  branchInterfaces: 100,
  ...more,
});
const batch = (count: number, milliCpu: number, more: Partial<Amounts> = {}): Batch => ({
  need: { ...onePod, milliCpu, ...more },
  count,
});

const amounts = fc.record({
  milliCpu: fc.integer({ min: 1, max: 4000 }),
  memory: fc.integer({ min: 1, max: 8192 }),
  gpus: fc.integer({ min: 0, max: 1 }),
  pods: fc.constant(1),
  branchInterfaces: fc.integer({ min: 0, max: 1 }),
});
const batches = fc.array(fc.record({ need: amounts, count: fc.integer({ min: 0, max: 25 }) }), { maxLength: 6 });
const nodes = fc.record({
  milliCpu: fc.integer({ min: 4000, max: 16_000 }),
  memory: fc.integer({ min: 8192, max: 65_536 }),
  gpus: fc.integer({ min: 1, max: 8 }),
  pods: fc.integer({ min: 4, max: 110 }),
  branchInterfaces: fc.integer({ min: 1, max: 38 }),
});

describe("nodes for pods", () => {
  it("pair large with small when they are packed", () => {
    // 6 + 4 three times; 4 + 4 would leave three sixes alone and make five of it.
    expect(nodesPacked([batch(3, 4), batch(3, 6)], node(10))).to.equal(3);
  });

  it("are as many as the scarcest thing asks for", () => {
    expect(nodesPacked([batch(9, 1)], node(10))).to.equal(1);
    expect(nodesPacked([batch(9, 1, { memory: 50 })], node(10))).to.equal(5);
    expect(nodesPacked([batch(9, 1, { gpus: 1 })], node(10, { gpus: 4 }))).to.equal(3);
    expect(nodesPacked([batch(9, 1)], node(10, { pods: 2 }))).to.equal(5);
    expect(nodesPacked([batch(9, 1, { branchInterfaces: 1 })], node(10, { branchInterfaces: 3 }))).to.equal(3);
  });

  it("are none for nobody, and not to be had for a pod that is larger than a node", () => {
    for (const count of [nodesPacked, nodesInAnyOrder]) {
      expect(count([], node(10))).to.equal(0);
      expect(count([batch(0, 11)], node(10))).to.equal(0);
      expect(count([batch(1, 11)], node(10))).to.equal(Infinity);
    }
  });

  it("are one for all but the last and that one's when each fills a node", () => {
    expect(nodesInAnyOrder([batch(3, 10)], node(10))).to.equal(3);
  });

  it("are more in a bad order than in a good one", () => {
    // Eight pods of 2 could stand on two nodes. Spread over eight, two to a node at the worst, they keep a pod of 9 out
    // wherever one of them is: each takes one of 10 - 9 + 1 that would block it.
    expect(nodesPacked([batch(8, 2), batch(1, 9)], node(10))).to.equal(3);
    expect(nodesInAnyOrder([batch(8, 2), batch(1, 9)], node(10))).to.equal(9);
  });

  it("cost no more to count for a million pods", () => {
    expect(nodesPacked([batch(1_000_000, 3)], node(10))).to.equal(333_334);
    expect(nodesInAnyOrder([batch(1_000_000, 10)], node(10))).to.equal(1_000_000);
  });

  it("are what a first fit by hand takes, pod by pod", () => {
    fc.assert(
      fc.property(batches, nodes, (wanted, offered) => {
        const share = ({ need }: Batch): number =>
          Math.max(
            need.milliCpu / offered.milliCpu,
            need.memory / offered.memory,
            need.gpus / offered.gpus,
            need.pods / offered.pods,
            need.branchInterfaces / offered.branchInterfaces,
          );
        const sorted = pods([...wanted].sort((a, b) => share(b) - share(a)));
        const packed = nodesPacked(wanted, offered);
        expect(place(sorted, packed, offered, policies.first), "enough").to.equal(sorted.length);
        if (packed > 0)
          expect(place(sorted, packed - 1, offered, policies.first), "no fewer").to.be.below(sorted.length);
      }),
    );
  });

  it("hold every pod in any order, put anywhere", () => {
    fc.assert(
      fc.property(
        batches.chain((wanted) => fc.tuple(fc.constant(wanted), fc.shuffledSubarray([...pods(wanted)]))),
        nodes,
        fc.constantFrom(...Object.values(policies)),
        ([wanted, some], offered, policy) => {
          const rest = [...pods(wanted)];
          for (const pod of some) rest.splice(rest.indexOf(pod), 1);
          const order = [...some, ...rest];
          expect(place(order, nodesInAnyOrder(wanted, offered), offered, policy)).to.equal(order.length);
        },
      ),
      { numRuns: 300 },
    );
  });
});
