import { expect } from "chai";
import fc from "fast-check";
import { decide, stepFor } from "../../../../targets/local/runtime/steps.ts";
import { web } from "../fixtures/behaviours.ts";

describe("targets/local/runtime steps", () => {
  it("takes the form's own step, and the nearest one's shares for a count it doesn't know", () => {
    const rollout = [
      { count: 4, atLeast: 2, atMost: 6 },
      { count: 8, atLeast: 4, atMost: 12 },
    ];
    expect(stepFor(rollout, 4)).to.deep.equal({ count: 4, atLeast: 2, atMost: 6 });
    expect(stepFor(rollout, 2)).to.deep.equal({ count: 2, atLeast: 1, atMost: 3 });
    expect(stepFor([], 1)).to.deep.equal({ count: 1, atLeast: 0, atMost: 1 });
  });

  it("always leaves a way to replace one", () => {
    const step = fc.record({ count: fc.integer({ min: 1, max: 20 }), less: fc.nat(20), more: fc.nat(20) });
    fc.assert(
      fc.property(step, fc.integer({ min: 1, max: 20 }), ({ count, less, more }, wanted) => {
        fc.pre(less > 0 || more > 0);
        const { atLeast, atMost } = stepFor(
          [{ count, atLeast: Math.max(0, count - less), atMost: count + more }],
          wanted,
        );
        expect(atLeast).to.be.within(0, wanted);
        expect(atMost - atLeast).to.be.at.least(1);
      }),
    );
  });

  it("rolls any fleet over to the new version, never under atLeast, never over atMost", () => {
    const numbers = fc.record({ desired: fc.integer({ min: 1, max: 6 }), less: fc.nat(6), more: fc.nat(6) });
    fc.assert(
      fc.property(numbers, fc.infiniteStream(fc.boolean()), ({ desired, less, more }, coins) => {
        fc.pre(less > 0 || more > 0);
        const step = { count: desired, atLeast: Math.max(0, desired - less), atMost: desired + more };
        const next = web({ rollout: [step] });
        const before = web();
        let members = Array.from({ length: desired }, () => ({ behaviour: before, ready: true, stopping: false }));
        const isDone = (): boolean =>
          members.length === desired && members.every((member) => member.behaviour === next && member.ready);
        for (let turn = 0; !isDone(); turn += 1) {
          expect(turn).to.be.below(1000);
          const { stop, start } = decide(members, { behaviour: next, desired, starting: 0 });
          for (const member of stop) member.stopping = true;
          if (start) members.push({ behaviour: next, ready: false, stopping: false });
          expect(members.filter(({ ready, stopping }) => ready && !stopping).length).to.be.at.least(step.atLeast);
          expect(members.length).to.be.at.most(step.atMost);
          // meanwhile processes get ready and go, in any order
          for (const member of members) if (!member.stopping && coins.next().value) member.ready = true;
          members = members.filter(({ stopping }) => !stopping || !coins.next().value);
        }
      }),
    );
  });
});
