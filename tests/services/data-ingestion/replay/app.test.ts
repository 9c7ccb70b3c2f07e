import { expect } from "chai";
import { WebSocket } from "ws";

import { createBackfill } from "../../../../services/data-ingestion/exchanges/coinbase-rest.ts";
import { readFeed, subscribeMessage } from "../../../../services/data-ingestion/exchanges/coinbase.ts";
import { createReplay, type Replay, type ReplayOptions } from "../../../../services/data-ingestion/replay/app.ts";
import { Market } from "../../../../services/data-ingestion/replay/market.ts";
import { until } from "../../support.ts";
import { idsOf, range } from "../trades.ts";

const products = ["BTC-USD", "ETH-USD"];

describe("services/data-ingestion/replay", () => {
  const started: Replay[] = [];
  const start = async (options: Partial<ReplayOptions> = {}) => {
    const replay = createReplay({ seed: 1, products, rate: 5_000, total: 3_000, heartbeat: 20, ...options });
    started.push(replay);
    const port = await replay.listen(0);
    return { replay, port, url: `http://127.0.0.1:${port}` };
  };
  afterEach(async () => {
    await Promise.all(started.splice(0).map((replay) => replay.close()));
  });

  async function watch(port: number, message = subscribeMessage(products)) {
    const socket = new WebSocket(`ws://127.0.0.1:${port}`);
    const frames: Record<string, unknown>[] = [];
    socket.on("message", (data) => frames.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>));
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send(message);
    return { socket, frames, of: (type: string) => frames.filter((frame) => frame["type"] === type) };
  }

  it("makes the same trades of the same seed, and others of another", () => {
    const trades = (seed: number) => {
      const market = new Market(seed, products);
      return Array.from({ length: 200 }, () => market.next());
    };
    expect(trades(7)).to.deep.equal(trades(7));
    expect(trades(7)).not.to.deep.equal(trades(8));
  });

  it("speaks the format: each trade once, contiguous per product, from the first subscriber on", async () => {
    const { port, url } = await start();
    expect(await (await fetch(`${url}/emitted`)).json()).to.deep.equal({});
    const { of, frames, socket } = await watch(port);
    await until(() => of("match").length === 3_000 && of("heartbeat").length > 0);
    socket.terminate();
    for (const frame of frames) expect(readFeed(JSON.stringify(frame)).kind).not.to.equal("unknown");
    expect(frames[0]?.["type"]).to.equal("subscriptions");
    const emitted = (await (await fetch(`${url}/stop`, { method: "POST" })).json()) as Record<string, object>;
    for (const product of products) {
      const ids = of("match")
        .filter((match) => match["product_id"] === product)
        .map((match) => match["trade_id"]);
      expect(ids).to.deep.equal(range(1, ids.length));
      expect(emitted[product]).to.deep.equal({ first: 1, last: ids.length, count: ids.length });
    }
    const late = await watch(port);
    await until(() => late.of("last_match").length === 2);
    late.socket.terminate();
  });

  it("pauses, resumes and stops on demand", async () => {
    const { port, url, replay } = await start({ total: 1_000_000 });
    const { socket } = await watch(port);
    const count = () => Object.values(replay.exchange.emitted()).reduce((sum, each) => sum + each.count, 0);
    await until(() => count() > 10);
    const paused = await (await fetch(`${url}/pause`, { method: "POST" })).json();
    await new Promise((resolve) => setTimeout(resolve, 40));
    expect(replay.exchange.emitted()).to.deep.equal(paused);
    const before = count();
    await fetch(`${url}/resume`, { method: "POST" });
    await until(() => count() > before);
    socket.terminate();
  });

  it("pages trades as the exchange does", async () => {
    const { port, url, replay } = await start({ total: 2_400, rate: 100_000 });
    const { socket } = await watch(port);
    await until(() => Object.values(replay.exchange.emitted()).reduce((sum, each) => sum + each.count, 0) === 2_400);
    socket.terminate();
    const last = replay.exchange.emitted()["BTC-USD"]?.last ?? 0;
    const page = async (query: string) => {
      const response = await fetch(`${url}/products/BTC-USD/trades?${query}`);
      const ids = ((await response.json()) as { trade_id: number }[]).map(({ trade_id }) => trade_id);
      return { ids, cursors: [response.headers.get("cb-before"), response.headers.get("cb-after")] };
    };
    const newest = await page("limit=3");
    expect(newest).to.deep.equal({ ids: [last, last - 1, last - 2], cursors: [String(last), String(last - 2)] });
    expect((await page(`limit=2&after=${last - 2}`)).ids).to.deep.equal([last - 3, last - 4]);
    expect((await page(`before=${last - 2}`)).ids).to.deep.equal([last, last - 1]);
    expect((await page("after=1")).ids).to.deep.equal([]);
    expect((await fetch(`${url}/products/NO-NE/trades`)).status).to.equal(404);
    expect((await fetch(`${url}/products/BTC-USD/trades?limit=x`)).status).to.equal(400);

    const backfill = createBackfill(`${url}/`);
    expect(idsOf(await backfill.trades("BTC-USD", { from: 5, to: 9, since: undefined }))).to.deep.equal(range(5, 9));
    expect(idsOf(await backfill.trades("BTC-USD", { from: 11, to: 99_999, since: undefined }))).to.deep.equal(
      range(11, 1_010),
    );
    const error: unknown = await backfill
      .trades("NO-NE", { from: 1, to: 2, since: undefined })
      .catch((thrown: unknown) => thrown);
    expect(String(error)).to.include("404");
  });

  it("refuses what it can't subscribe to", async () => {
    const { port } = await start();
    for (const message of ["{", subscribeMessage(["NO-NE"])]) {
      const { socket, of } = await watch(port, message);
      await until(() => of("error").length === 1);
      socket.terminate();
    }
  });
});
