import { expect } from "chai";

import { until } from "../support.ts";
import { feeling, Log } from "./messages.ts";
import { connect, replica, type ReplicaOptions } from "./replica.ts";

const subscribe = (symbols: readonly string[], more = {}) => ({
  type: "subscribe",
  channel: "sentiment",
  symbols,
  ...more,
});

describe("services/websocket sentiment", () => {
  const replicas: Awaited<ReturnType<typeof replica>>[] = [];
  const start = async (sentiment: Log, options: ReplicaOptions = {}) => {
    const started = await replica(new Log(), options, sentiment);
    replicas.push(started);
    return started;
  };
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ lifecycle }) => lifecycle.drain("test")));
  });

  it("sends each post's say on a symbol once, and only to who asked for the symbol", async () => {
    const log = new Log();
    const { sentiment, port } = await start(log);
    const [btc, eth] = [await connect(port), await connect(port)];
    btc.ask(subscribe(["BTC"]));
    eth.ask(subscribe(["ETH"]));
    await Promise.all([btc.has(1), eth.has(1)]);
    log.add(feeling("BTC", "bluesky:1"), feeling("BTC", "bluesky:1"), feeling("ETH", "bluesky:1"));
    log.feed(sentiment);
    await Promise.all([btc.has(2), eth.has(2)]);
    expect(btc.frames).to.deep.equal([
      { type: "subscribed", channel: "sentiment", symbols: ["BTC"], at: { 0: -1 } },
      {
        type: "sentiment",
        symbol: "BTC",
        post: "bluesky:1",
        score: 0.5,
        confidence: 0.75,
        hour: { mean: 0.25, posts: 3 },
        time: "2026-11-24T07:00:00.000Z",
        receivedAt: "2026-11-24T07:00:01.000Z",
        partition: 0,
        offset: 0,
      },
    ]);
    expect(eth.of("sentiment").map(({ symbol, offset }) => [symbol, offset])).to.deep.equal([["ETH", 2]]);
    btc.ask({ type: "unsubscribe", channel: "sentiment", symbols: ["BTC"] });
    await btc.has(3);
    log.add(feeling("BTC", "bluesky:2"));
    log.feed(sentiment);
    btc.ask(subscribe(["DOGE"]));
    await btc.has(4);
    expect(btc.frames[2]).to.deep.equal({ type: "unsubscribed", channel: "sentiment", symbols: ["BTC"] });
    expect(btc.of("sentiment")).to.have.length(1);
  });

  it("resumes after a position on another replica, and names its channel where it can't", async () => {
    const log = new Log();
    for (let i = 0; i < 20; i += 1) log.add(feeling("BTC", `bluesky:${i}`));
    const { port } = await start(log);
    const client = await connect(port);
    client.ask(subscribe(["BTC"], { from: { 0: 14 } }));
    await client.has(6);
    expect(client.of("sentiment").map(({ offset }) => offset)).to.deep.equal([15, 16, 17, 18, 19]);
    const lost = await connect(port);
    lost.ask(subscribe(["BTC"], { from: { 0: 1_000_000 } }));
    await lost.has(2);
    expect(lost.frames[1]).to.deep.equal({ type: "gap", channel: "sentiment", partition: 0, from: 1_000_001, to: 19 });
  });

  it("is refused while its topic is missing, at no cost to the client; prices go on", async () => {
    const { port, prices } = await start(new Log(), { begin: false, limits: { strikes: 2 } });
    prices.begin([{ partition: 0, low: 0, high: 0 }]);
    const client = await connect(port);
    for (let i = 0; i < 3; i += 1) client.ask(subscribe(["BTC"]));
    client.ask({ type: "subscribe", products: ["A-B"] });
    await client.has(4);
    expect(client.errors()).to.deep.equal(Array(3).fill("channel-unavailable"));
    const log = new Log();
    log.append("A-B", 1);
    log.feed(prices);
    await until(() => client.prices().length === 1);
  });

  it("has a limit of symbols a connection", async () => {
    const { port } = await start(new Log(), { limits: { symbols: 2 } });
    const client = await connect(port);
    client.ask(subscribe(["A", "B"]));
    client.ask(subscribe(["B", "C"]));
    await client.has(2);
    expect(client.errors()).to.deep.equal(["too-many-symbols"]);
  });
});
