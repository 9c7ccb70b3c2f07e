import { expect } from "chai";
import { type WebSocket, WebSocketServer } from "ws";

import { coinbase, kraken } from "../../../services/data-ingestion/exchanges/index.ts";
import { openFeed } from "../../../services/data-ingestion/feed.ts";
import { quiet, until } from "../support.ts";

const match = (trade_id: number) =>
  JSON.stringify({
    type: "match",
    trade_id,
    sequence: trade_id,
    product_id: "BTC-USD",
    time: "2026-11-24T07:00:00Z",
    size: "1",
    price: "2",
    side: "buy",
  });

describe("services/data-ingestion/feed", () => {
  let server: WebSocketServer;
  let url: string;
  const clients: WebSocket[] = [];
  const subscriptions: unknown[] = [];

  beforeEach(async () => {
    clients.length = subscriptions.length = 0;
    server = new WebSocketServer({ port: 0, host: "127.0.0.1" });
    server.on("connection", (client) => {
      clients.push(client);
      client.on("message", (data) => subscriptions.push(JSON.parse((data as Buffer).toString())));
    });
    await new Promise((resolve) => server.once("listening", resolve));
    url = `ws://127.0.0.1:${(server.address() as { port: number }).port}`;
  });
  afterEach(async () => {
    for (const client of clients) client.terminate();
    await new Promise((resolve) => server.close(resolve));
  });

  const open = (silence = 5_000, exchange = coinbase) => {
    const ids: number[] = [];
    const stopping = new AbortController();
    const feed = openFeed({
      exchange,
      url,
      products: ["BTC-USD"],
      onTrade: ({ tradeId }) => ids.push(tradeId),
      onHeartbeat: () => undefined,
      signal: stopping.signal,
      log: quiet,
      silence,
      backoff: { first: 5, most: 20 },
    });
    const stop = async () => {
      stopping.abort();
      await feed.ended;
    };
    return { ids, feed, stop };
  };

  it("subscribes, and does so again after a cut", async () => {
    const { ids, stop } = open();
    await until(() => subscriptions.length === 1);
    clients[0]?.send(match(1));
    clients[0]?.send("garbage");
    await until(() => ids.length === 1);
    clients[0]?.terminate();
    await until(() => subscriptions.length === 2);
    clients[1]?.send(match(2));
    await until(() => ids.length === 2);
    await stop();
    expect(subscriptions[1]).to.deep.equal({
      type: "subscribe",
      product_ids: ["BTC-USD"],
      channels: ["matches", "heartbeat"],
    });
  });

  it("takes all trades of a frame that holds many", async () => {
    const { ids, stop } = open(5_000, kraken);
    await until(() => subscriptions.length === 1);
    const row = { symbol: "BTC/USD", side: "buy", qty: 1, price: 2, timestamp: "2026-11-24T07:00:00Z" };
    const data = [5, 4, 6].map((trade_id) => ({ ...row, trade_id }));
    clients[0]?.send(JSON.stringify({ channel: "trade", type: "snapshot", data }));
    await until(() => ids.length === 3);
    await stop();
    expect(ids).to.deep.equal([4, 5, 6]);
  });

  it("takes a silent connection for dead", async () => {
    const { stop } = open(40);
    await until(() => clients.length >= 2);
    await stop();
  });

  it("does not take itself for silent while it is held back", async () => {
    const { ids, feed, stop } = open(60);
    await until(() => subscriptions.length === 1);
    feed.pause();
    clients[0]?.send(match(1));
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect([ids.length, clients.length]).to.deep.equal([0, 1]);
    feed.resume();
    await until(() => ids.length === 1);
    await stop();
  });
});
