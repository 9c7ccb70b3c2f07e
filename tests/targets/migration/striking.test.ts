import { expect } from "chai";
import type { Premises, Strike } from "../../../targets/local/faults/index.ts";
import { createStriking } from "../../../targets/migration/stages/local/striking.ts";
import { StageError } from "../../../targets/migration/stage.ts";

const premises = (report: (line: string) => void): Premises => ({
  dataPlane: { kill: () => Promise.resolve(), restart: () => Promise.resolve() },
  router: { crash: () => Promise.resolve(), recover: () => Promise.resolve() },
  scale: () => Promise.resolve(),
  killReplica: () => Promise.resolve(),
  publish: () => Promise.resolve(),
  messages: () => Promise.resolve(0),
  leaseHolder: () => Promise.resolve(null),
  report,
  signal: new AbortController().signal,
});

describe("targets/migration/stages/local/striking", () => {
  it("strikes once, at its share or beyond, and tells what it did", async () => {
    let strikes = 0;
    const strike: Strike = {
      share: 50,
      run: ({ report }) => {
        strikes += 1;
        report("it is broken");
        return Promise.resolve();
      },
    };
    const striking = createStriking(strike, premises);
    striking.shifted(10);
    expect([strikes, striking.at()]).to.deep.equal([0, null]);
    for (const share of [50, 0, 100]) striking.shifted(share);
    await striking.over();
    expect(strikes).to.equal(1);
    expect(Math.abs((striking.at() ?? 0) - Date.now())).to.be.below(5_000);
    expect(striking.takeLines().join()).to.match(/^fault: it is broken \(after \d+\.\d s\)$/);
    expect(striking.takeLines()).to.deep.equal([]);
  });

  it("who must not meet it waits for its end, and learns that it failed", async () => {
    const striking = createStriking({ share: 1, run: () => Promise.reject(new Error("nobody came")) }, premises);
    striking.shifted(1);
    const failure = await striking.over().catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(StageError);
    expect(String(failure)).to.include("nobody came");
  });

  it("without a strike nothing happens", async () => {
    const striking = createStriking(null, premises);
    striking.shifted(100);
    await striking.over();
    expect(striking.at()).to.equal(null);
  });
});
