import { expect } from "chai";
import { WebSocket } from "ws";

import { LIMITS } from "../../../services/websocket/limits.ts";
import { until } from "../support.ts";
import { Log } from "./messages.ts";
import { connect, replica } from "./replica.ts";

const subscribe = (from?: Record<string, number>) => ({
  type: "subscribe",
  products: ["A-B"],
  ...(from ? { from } : {}),
});

describe("services/websocket/app", () => {
  let log: Log;
  const replicas: Awaited<ReturnType<typeof replica>>[] = [];
  const start = async (...args: Parameters<typeof replica>) => {
    const started = await replica(...args);
    replicas.push(started);
    return started;
  };
  beforeEach(() => {
    log = new Log();
    log.append("A-B", 1, 2, 3);
  });
  afterEach(async () => {
    await Promise.all(replicas.splice(0).map(({ lifecycle }) => lifecycle.drain("test")));
  });

  it("sends what is subscribed, from now on, once", async () => {
    const { prices: stream, port } = await start(log);
    const client = await connect(port);
    client.ask(subscribe());
    client.ask(subscribe({ 0: -1 }));
    await until(() => client.frames.length === 2);
    log.append("A-B", 4);
    log.append("C-D", 1);
    log.append("A-B", 4, 5);
    log.feed(stream);
    await until(() => client.frames.length === 4);
    expect(client.frames[0]).to.deep.equal({ type: "subscribed", products: ["A-B"], at: { 0: 2 } });
    expect(client.prices()).to.deep.equal([4, 5]);
    expect(client.frames[2]).to.deep.equal({
      type: "price",
      product: "A-B",
      tradeId: 4,
      price: "1.5",
      size: "2",
      time: "2026-11-24T07:00:00.000Z",
      side: "sell",
      partition: 0,
      offset: 3,
    });
    client.ask({ type: "unsubscribe", products: ["A-B"] });
    await until(() => client.frames.at(-1)?.type === "unsubscribed");
    log.append("A-B", 6);
    log.feed(stream);
    client.ask({ type: "unsubscribe", products: ["A-B"] });
    await until(() => client.frames.length === 6);
    expect(client.prices()).to.deep.equal([4, 5]);
  });

  it("lets a client resume on another replica, which is behind, with nothing missed or doubled", async () => {
    const [one, other] = [await start(log), await start(log)];
    const client = await connect(one.port);
    client.ask(subscribe({ 0: -1 }));
    await until(() => client.prices().length === 3);
    log.append("A-B", 4, 5);
    log.feed(one.prices);
    await until(() => client.prices().length === 5);
    const drained = one.lifecycle.drain("test");
    expect(await client.code()).to.equal(1001);
    await drained;
    const again = await connect(other.port);
    again.ask(subscribe({ 0: Number(client.frames.at(-1)?.["offset"]) }));
    await until(() => again.frames.length === 1);
    log.append("A-B", 6);
    log.feed(other.prices);
    await until(() => again.prices().length === 1);
    expect([...client.prices(), ...again.prices()]).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it("refuses unfit messages one by one, then the client", async () => {
    const { port } = await start(log, { limits: { products: 2, strikes: 6 } });
    const client = await connect(port);
    client.socket.send("{");
    client.ask({ type: "sell", products: ["A-B"] });
    client.ask({ type: "subscribe", products: ["lower"] });
    client.ask({ type: "subscribe", products: ["A-B", "C-D", "E-F"] });
    client.ask({ type: "subscribe", products: ["A-B"], from: { 7: 1 } });
    client.socket.send("x".repeat(LIMITS.messageBytes + 1));
    expect(await client.code()).to.equal(1008);
    expect(client.errors()).to.deep.equal([
      "invalid-json",
      "unknown-type",
      "invalid-message",
      "too-many-products",
      "unknown-partition",
      "message-too-large",
    ]);
  });

  it("forgives bad messages between good ones", async () => {
    const { port } = await start(log, { limits: { strikes: 2 } });
    const client = await connect(port);
    for (let i = 0; i < 3; i += 1) {
      client.socket.send("{");
      client.ask(subscribe());
    }
    await until(() => client.frames.length === 6);
    expect(client.socket.readyState).to.equal(WebSocket.OPEN);
    client.socket.terminate();
  });

  it("closes a client that does not read, and serves the others", async () => {
    const { prices: stream, port, app } = await start(log, { limits: { bufferedBytes: 64 * 1024 } });
    const [slow, quick] = [await connect(port), await connect(port)];
    for (const client of [slow, quick]) client.ask(subscribe());
    await until(() => slow.frames.length === 1 && quick.frames.length === 1);
    slow.socket.pause();
    let tradeId = 4;
    while (app.clients() === 2) {
      for (let i = 0; i < 1000; i += 1, tradeId += 1) log.append("A-B", tradeId);
      log.feed(stream);
      await until(() => quick.prices().length === tradeId - 4);
    }
    log.append("A-B", tradeId);
    log.feed(stream);
    await until(() => quick.prices().at(-1) === tradeId);
    slow.socket.terminate();
    quick.socket.terminate();
  });

  it("cuts a client that no longer answers", async () => {
    const { port, app } = await start(log, { heartbeat: 30 });
    const [dead, alive] = [await connect(port, { autoPong: false }), await connect(port)];
    expect(await dead.code()).to.equal(1006);
    expect([app.clients(), alive.socket.readyState]).to.deep.equal([1, WebSocket.OPEN]);
    alive.socket.terminate();
  });

  it("lets an upgrade wait for the first catching-up, for the load balancer may send it before", async () => {
    const { prices: stream, port } = await start(log, { begin: false });
    const early = connect(port);
    setTimeout(() => stream.begin([{ partition: 0, low: 0, high: 0 }]), 200);
    const client = await early;
    client.ask(subscribe());
    await until(() => client.frames.length === 1);
    expect(client.frames[0]).to.include({ type: "subscribed" });
  });

  it("refuses upgrades until it has caught up, elsewhere, and while draining", async () => {
    const { port, prices: stream, lifecycle, linger } = await start(log, { begin: false });
    const refused = (path = "/ws") =>
      new Promise<number | undefined>((resolve) => {
        const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`);
        socket.on("error", () => undefined);
        socket.on("unexpected-response", (request, response) => {
          resolve(response.statusCode);
          request.destroy();
        });
      });
    expect(await refused()).to.equal(503);
    stream.begin([{ partition: 0, low: 0, high: 0 }]);
    expect(await refused("/other")).to.equal(404);
    expect((await fetch(`http://127.0.0.1:${port}/ws`)).status).to.equal(426);
    const looked = Promise.withResolvers<undefined>();
    void linger(looked.promise);
    const drained = lifecycle.drain("test");
    expect(await refused()).to.equal(503);
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).to.equal(503);
    looked.resolve(undefined);
    expect(await drained).to.equal(true);
  });
});
