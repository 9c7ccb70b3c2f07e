import { expect } from "chai";
import { WebSocket } from "ws";

import { type FeedEvent, kraken } from "../../../../services/data-ingestion/exchanges/index.ts";
import { createReplay, type Replay } from "../../../../services/data-ingestion/replay/app.ts";
import { until } from "../../support.ts";
import { idsOf, range } from "../trades.ts";

const products = ["BTC-USD", "DOGE-USD"];

describe("services/data-ingestion/replay/kraken", () => {
  let replay: Replay;
  let port: number;
  const sockets: WebSocket[] = [];
  beforeEach(async () => {
    replay = createReplay({ seed: 1, products, rate: 1, heartbeat: 20, kraken: { rate: 20_000, total: 2_400 } });
    port = await replay.listen(0);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.terminate();
    await replay.close();
  });

  const watch = async (message: string): Promise<FeedEvent[]> => {
    const socket = new WebSocket(`ws://127.0.0.1:${port}/v2`);
    sockets.push(socket);
    const events: FeedEvent[] = [];
    socket.on("message", (data) => events.push(...kraken.read((data as Buffer).toString())));
    await new Promise((resolve) => socket.once("open", resolve));
    socket.send(message);
    return events;
  };
  const tradesIn = (events: readonly FeedEvent[], product: string) =>
    events.flatMap((event) => (event.kind === "trade" && event.trade.product === product ? [event.trade] : []));

  it("speaks the format: each trade once from the first subscriber on, and the last fifty to a later one", async () => {
    const events = await watch(kraken.subscribe(products));
    const emitted = () => replay.kraken?.exchange.emitted() ?? {};
    await until(() => Object.values(emitted()).reduce((sum, { count }) => sum + count, 0) === 2_400);
    const last = emitted()["BTC-USD"]?.last ?? 0;
    await until(() => tradesIn(events, "BTC-USD").at(-1)?.tradeId === last && events.at(-1)?.kind === "alive");
    expect(idsOf(tradesIn(events, "BTC-USD"))).to.deep.equal(range(1, last));
    expect(new Set(events.map(({ kind }) => kind))).to.deep.equal(new Set(["alive", "subscribed", "trade"]));
    const late = await watch(kraken.subscribe(["DOGE-USD"]));
    const end = emitted()["DOGE-USD"]?.last ?? 0;
    await until(() => tradesIn(late, "DOGE-USD").length === 50);
    expect(idsOf(tradesIn(late, "DOGE-USD"))).to.deep.equal(range(end - 49, end));
  });

  it("gives by REST what came after a time, page by page", async () => {
    const events = await watch(kraken.subscribe(products));
    const emitted = () => replay.kraken?.exchange.emitted() ?? {};
    await until(() => Object.values(emitted()).reduce((sum, { count }) => sum + count, 0) === 2_400);
    const last = emitted()["BTC-USD"]?.last ?? 0;
    await until(() => tradesIn(events, "BTC-USD").length === last);
    const before = tradesIn(events, "BTC-USD").find(({ tradeId }) => tradeId === 100);
    const backfill = kraken.createBackfill(`http://127.0.0.1:${port}`);
    const page = await backfill.trades("BTC-USD", { from: 101, to: last, since: before?.time });
    expect(page.slice(0, 3)).to.deep.equal(
      tradesIn(events, "BTC-USD")
        .slice(100, 103)
        .map((trade) => ({ ...trade, time: trade.time.replace("Z", "000Z") })),
    );
    expect(idsOf(page)).to.deep.equal(range(101, 100 + page.length));
    expect(page.length).to.be.above(700);
    const error: unknown = await backfill
      .trades("NO-NE", { from: 1, to: 2, since: undefined })
      .catch((thrown: unknown) => thrown);
    expect(String(error)).to.include("EQuery:Unknown asset pair");
  });

  it("refuses what it can't subscribe to", async () => {
    for (const message of ["{", kraken.subscribe(["NO-NE"])]) {
      const events = await watch(message);
      await until(() => events.some(({ kind }) => kind === "refused"));
    }
  });
});
