import { expect } from "chai";

import { createTally } from "../../../services/shared/tally.ts";
import { collectingLog, until } from "../support.ts";

describe("services/shared/tally", () => {
  it("logs what was counted since the last line, and knows the sum", async () => {
    const { log, lines } = collectingLog();
    const tally = createTally(log, 10);
    tally.add("kept");
    tally.add("spam", 2);
    tally.add("never", 0);
    await until(() => lines.length === 1);
    tally.add("spam");
    tally.stop();
    tally.stop();
    expect(lines.map(({ counts }) => counts)).to.deep.equal([{ kept: 1, spam: 2 }, { spam: 1 }]);
    expect(tally.counts()).to.deep.equal({ kept: 1, spam: 3 });
  });
});
