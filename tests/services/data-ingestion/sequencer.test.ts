import { expect } from "chai";
import fc from "fast-check";

import { Sequencer } from "../../../services/data-ingestion/sequencer.ts";
import { idsOf, range, trade } from "./trades.ts";

describe("services/data-ingestion/sequencer", () => {
  it("holds back what comes after a gap and names the gap", () => {
    const sequencer = new Sequencer(5);
    expect(idsOf(sequencer.offer(trade(5)))).to.deep.equal([5]);
    expect(idsOf(sequencer.offer(trade(9)))).to.deep.equal([]);
    expect(idsOf(sequencer.offer(trade(4)))).to.deep.equal([]);
    expect(sequencer.missing()).to.deep.equal({ from: 6, to: 8 });
    expect([6, 8, 7].map((id) => idsOf(sequencer.offer(trade(id))))).to.deep.equal([[6], [], [7, 8, 9]]);
    expect(sequencer.missing()).to.equal(undefined);
  });

  it("learns of missing trades from a heartbeat", () => {
    const sequencer = new Sequencer(5);
    sequencer.noteHighest(4);
    expect(sequencer.missing()).to.equal(undefined);
    sequencer.noteHighest(7);
    expect(sequencer.missing()).to.deep.equal({ from: 5, to: 7 });
  });

  it("says nothing before it knows where to begin", () => {
    const sequencer = new Sequencer();
    expect([sequencer.offer(trade(8)), sequencer.offer(trade(7)), sequencer.missing()]).to.deep.equal([
      [],
      [],
      undefined,
    ]);
    expect(sequencer.first()?.tradeId).to.equal(7);
    expect(idsOf(sequencer.startAt(7))).to.deep.equal([7, 8]);
  });

  it("goes on without what its source does not have", () => {
    const sequencer = new Sequencer(1);
    sequencer.offer(trade(4));
    expect(idsOf(sequencer.giveUpBelow(4))).to.deep.equal([4]);
  });

  it("gives each trade once and in order, whatever the order of arrival and however little it may hold", () => {
    const arrivals = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 10 }), (ids, capacity) => {
        const sequencer = new Sequencer(1, capacity);
        const out = ids.flatMap((id) => idsOf(sequencer.offer(trade(id))));
        for (let gap = sequencer.missing(); gap; gap = sequencer.missing()) {
          for (const id of range(gap.from, gap.to)) out.push(...idsOf(sequencer.offer(trade(id))));
        }
        expect(out).to.deep.equal(range(1, Math.max(...ids)));
      }),
    );
  });
});
