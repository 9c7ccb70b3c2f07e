import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { residentMemory, watchMemory } from "../../../../targets/local/runtime/memory.ts";

/** More than any Node process has, and less than the smallest one. */
const [HUGE, TINY] = [1_000_000, 1];

describe("targets/local/runtime/memory", function () {
  before(function () {
    if (process.platform !== "linux") this.skip();
  });

  it("reads what a process holds, in MiB, and null of none", async () => {
    const own = (await residentMemory(process.pid)) ?? 0;
    expect(own).to.be.within((process.memoryUsage.rss() / 2 ** 20) * 0.8, (process.memoryUsage.rss() / 2 ** 20) * 1.2);
    expect(await residentMemory(2 ** 30)).to.equal(null);
  });

  it("tells once, with both figures, and nothing below the limit or after a stop", async () => {
    const told: string[] = [];
    const over = watchMemory(process.pid, TINY, (why) => told.push(why));
    const below = watchMemory(process.pid, HUGE, () => told.push("below"));
    const stopped = watchMemory(process.pid, TINY, () => told.push("stopped"));
    stopped.stop();
    await sleep(1600);
    for (const watch of [over, below]) watch.stop();
    expect(told).to.have.length(1);
    expect(told[0]).to.match(/^it was killed with \d+ MiB of memory, where its limit is 1$/);
  });
});
