import { expect } from "chai";

import type { Backfill, Trade } from "../../../services/data-ingestion/exchanges/index.ts";
import { Lane, type LaneOptions } from "../../../services/data-ingestion/lane.ts";
import { collectingLog, quiet, until } from "../support.ts";
import { idsOf, range, trade } from "./trades.ts";

const timing = { settle: 1, backoff: { first: 1, most: 2 }, answersWithout: 3 };

function lane(backfill: Backfill["trades"], more: Partial<LaneOptions> = {}) {
  const published: Trade[] = [];
  const stop = new AbortController();
  const made = new Lane({
    product: "BTC-USD",
    next: 1,
    anchor: () => Promise.resolve(),
    backfill: { page: 1000, trades: backfill },
    publish: (trades) => published.push(...trades),
    room: () => Promise.resolve(),
    signal: stop.signal,
    log: quiet,
    timing,
    ...more,
  });
  return { lane: made, published, stop: () => stop.abort() };
}

/** An exchange that has all trades, at most `most` at a time. */
const exchange =
  (most: number, asked: unknown[] = []): Backfill["trades"] =>
  (_product, { from, to }) => {
    asked.push([from, to]);
    return Promise.resolve(range(from, Math.min(to, from + most - 1)).map((id) => trade(id)));
  };

describe("services/data-ingestion/lane", () => {
  it("fills a gap page by page while live trades go on", async () => {
    const { lane: it, published } = lane(exchange(10));
    it.offer(trade(1));
    it.offer(trade(45));
    it.offer(trade(46));
    await it.idle();
    it.offer(trade(47));
    expect(idsOf(published)).to.deep.equal(range(1, 47));
  });

  it("does not ask for trades that are only late", async () => {
    const asked: unknown[] = [];
    const { lane: it, published } = lane(exchange(10, asked), { timing: { ...timing, settle: 50 } });
    it.offer(trade(2));
    it.offer(trade(1));
    await it.idle();
    expect(idsOf(published)).to.deep.equal([1, 2]);
    expect(asked).to.deep.equal([]);
  });

  it("gets the last trades too, when only a heartbeat tells of them", async () => {
    const { lane: it, published } = lane(exchange(10));
    it.heartbeat(3);
    await it.idle();
    expect(idsOf(published)).to.deep.equal([1, 2, 3]);
  });

  it("tells from when on the gap is: the last trade that came out, or what was stored", async () => {
    const asked: unknown[] = [];
    const ask = exchange(10);
    const { lane: it } = lane(
      (product, gap) => {
        asked.push(gap);
        return ask(product, gap);
      },
      { since: "2026-11-24T06:00:00.000Z" },
    );
    it.offer(trade(3));
    await it.idle();
    it.offer(trade(5));
    await it.idle();
    expect(asked).to.deep.equal([
      { from: 1, to: 2, since: "2026-11-24T06:00:00.000Z" },
      { from: 4, to: 4, since: trade(3).time },
    ]);
  });

  it("asks again for ever while the exchange can't be asked", async () => {
    let failures = 5;
    const ask = exchange(10);
    const { lane: it, published } = lane((...gap) => (failures-- > 0 ? Promise.reject(new Error("429")) : ask(...gap)));
    it.offer(trade(3));
    await it.idle();
    expect(idsOf(published)).to.deep.equal([1, 2, 3]);
  });

  it("goes on, loudly, without trades that the exchange says it doesn't have", async () => {
    const { log, lines } = collectingLog();
    const { lane: it, published } = lane(() => Promise.resolve([]), { log });
    it.offer(trade(4));
    await it.idle();
    expect(idsOf(published)).to.deep.equal([4]);
    expect(lines.find(({ level }) => level === "error")).to.include({ from: 1, to: 3 });
  });

  it("stores the first trade before it publishes anything", async () => {
    const order: string[] = [];
    let failures = 2;
    const { lane: it } = lane(exchange(10), {
      next: undefined,
      anchor: ({ tradeId }) => {
        if (failures-- > 0) return Promise.reject(new Error("Postgres is away"));
        order.push(`anchor ${tradeId}`);
        return Promise.resolve();
      },
      publish: (trades) => order.push(...trades.map(({ tradeId }) => `publish ${tradeId}`)),
    });
    it.offer(trade(70));
    it.offer(trade(71));
    await it.idle();
    expect(order).to.deep.equal(["anchor 70", "publish 70", "publish 71"]);
  });

  it("publishes nothing once the lease is lost", async () => {
    const reached = Promise.withResolvers<undefined>();
    const {
      lane: it,
      published,
      stop,
    } = lane(() => {
      reached.resolve(undefined);
      return Promise.reject(new Error("away"));
    });
    it.offer(trade(3));
    await reached.promise;
    stop();
    await it.idle();
    it.offer(trade(1));
    await until(() => true);
    expect(published).to.deep.equal([]);
  });
});
