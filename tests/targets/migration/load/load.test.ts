import { expect } from "chai";
import { type Load, type LoadOptions, startLoad } from "../../../../targets/migration/load/load.ts";
import { type Exchange, type Manner, PRODUCTS, startExchange, until } from "./exchange.ts";

describe("startLoad", () => {
  let exchange: Exchange;
  let load: Load;
  let controller: AbortController;
  const start = async (manner: (nth: number) => Manner = () => "ok", changes: Partial<LoadOptions> = {}) => {
    exchange = await startExchange({ manner });
    controller = new AbortController();
    load = startLoad({
      ...{ baseUrl: exchange.baseUrl, wsUrl: exchange.wsUrl, products: PRODUCTS, signal: controller.signal },
      ...{ readsPerSecond: 200, writesPerSecond: 100, subscribers: 3, timeoutMilliseconds: 60 },
      ...changes,
    });
  };
  afterEach(async () => {
    await load.stop();
    await exchange.close();
  });
  const written = (count: number) => until(() => load.stats().acknowledgedWrites >= count, `${count} writes`);

  it("reads, writes and subscribes, and answers for all of it", async () => {
    await start();
    await until(() => load.stats().stream.connected === 3 && exchange.clients() === 3, "3 subscribers");
    for (let n = 0; n < 4; n++) exchange.publish();
    await written(30);
    await load.quiesce();
    await until(() => load.stats().stream.updates === 3 * 8, "all updates");
    const ledger = await load.stop();
    const { reads, writes, latency, stream } = load.stats();
    expect(reads.sent).to.be.greaterThan(0).and.equal(reads.ok);
    expect(writes.sent).to.equal(writes.ok).and.equal(ledger.acknowledged.length);
    expect(latency.count).to.equal(reads.sent + writes.sent);
    expect(stream).to.include({ gaps: 0, doubles: 0, subscribers: 3, connected: 0 });
    expect(ledger.stream).to.have.length(3 * PRODUCTS.length);
    expect(ledger.requests).to.deep.equal({
      sent: reads.sent + writes.sent,
      ok: reads.ok + writes.ok,
      unfit: 0,
      failed: 0,
    });
  });

  it("finds each acknowledged write, once, when 500s, hangs, resets and lost answers come between", async () => {
    const manners: Manner[] = ["ok", "error", "ok", "lostAnswer", "ok", "reset", "ok", "hang", "ok", "unfit"];
    await start((nth) => manners[nth % manners.length] ?? "ok");
    await written(40);
    const { acknowledged, requests } = await load.stop();
    for (const { key, id, name, products } of acknowledged) {
      expect(exchange.rows.get(key)).to.deep.equal({ id, name, products });
    }
    expect(new Set(acknowledged.map(({ id }) => id)).size).to.equal(acknowledged.length);
    expect(acknowledged.some(({ attempts }) => attempts > 1)).to.equal(true);
    expect(requests.failed).to.be.greaterThan(0);
    expect(requests.unfit).to.be.greaterThan(0);
    expect(requests.sent).to.equal(requests.ok + requests.unfit + requests.failed);
  });

  it("counts a write that never was acknowledged as an error, with its key", async () => {
    await start(() => "error", { readsPerSecond: 0, writesPerSecond: 30, subscribers: 0 });
    await until(() => load.stats().writes.serverErrors > 10, "errors");
    const { acknowledged, unacknowledged } = await load.stop();
    expect(acknowledged).to.deep.equal([]);
    expect(unacknowledged.length).to.be.greaterThan(0);
    expect(unacknowledged[0]).to.include({ attempts: 5, last: "HTTP 500" });
  });

  it("does not repeat a write that is refused for good", async () => {
    await start(() => "reject", { readsPerSecond: 0, subscribers: 0 });
    await until(() => load.stats().unacknowledgedWrites > 3, "refusals");
    const { unacknowledged } = await load.stop();
    expect(unacknowledged.every(({ attempts, last }) => attempts === 1 && last === "HTTP 404")).to.equal(true);
  });

  it("sends as much to a side that is slow, and counts from when it was due", async () => {
    await start(() => "slow", { readsPerSecond: 100, writesPerSecond: 0, subscribers: 0, timeoutMilliseconds: 5000 });
    await until(() => exchange.requests() >= 25, "arrivals that wait for no answer");
    await load.stop();
    expect(load.stats().latency.p50).to.be.greaterThan(250);
  });

  it("ends at once when the signal fires", async () => {
    await start(() => "hang", { timeoutMilliseconds: 60_000 });
    await until(() => load.stats().inFlight > 5, "requests in flight");
    controller.abort();
    const { requests } = await load.stop();
    expect(load.stats().inFlight).to.equal(0);
    expect(requests.failed).to.equal(requests.sent);
  });
});
