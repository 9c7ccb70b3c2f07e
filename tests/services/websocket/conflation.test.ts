import { expect } from "chai";

import { until } from "../support.ts";
import { Log } from "./messages.ts";
import { connect, replica } from "./replica.ts";

describe("services/websocket conflation", () => {
  it("keeps a slow client that asked for it, and brings it to the latest of each product, in order", async function () {
    this.timeout(60_000);
    const log = new Log();
    const { port, prices, app, lifecycle } = await replica(log, { limits: { bufferedBytes: 256 * 1024 } });
    const [slow, quick] = [await connect(port), await connect(port)];
    slow.ask({ type: "subscribe", products: ["A-B", "C-D"], conflate: true });
    quick.ask({ type: "subscribe", products: ["A-B"] });
    await Promise.all([slow.has(1), quick.has(1)]);
    slow.socket.pause();
    // Far more than the system's own buffers hold.
    const trades = 120_000;
    for (let tradeId = 1; tradeId <= trades; tradeId += 1) {
      log.append("A-B", tradeId);
      if (tradeId % 100 === 0) log.append("C-D", tradeId);
      if (tradeId % 1_000 !== 0) continue;
      log.feed(prices);
      await until(() => quick.prices().length === tradeId);
    }
    expect(app.clients()).to.equal(2);
    slow.socket.resume();
    const last = (product: string) => slow.of("price").findLast((frame) => frame["product"] === product)?.["tradeId"];
    await until(() => last("A-B") === trades && last("C-D") === trades);
    const skipped = slow.of("conflated").reduce((sum, frame) => sum + Number(frame["skipped"]), 0);
    expect(skipped).to.be.greaterThan(0);
    expect(slow.prices().length + skipped).to.equal(trades + trades / 100);
    const offsets = slow.of("price").map(({ offset }) => Number(offset));
    expect(offsets).to.deep.equal([...offsets].sort((a, b) => a - b));
    await lifecycle.drain("test");
  });
});
