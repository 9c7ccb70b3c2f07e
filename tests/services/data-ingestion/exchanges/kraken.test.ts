import { expect } from "chai";

import { decimal } from "../../../../services/data-ingestion/exchanges/kraken-fields.ts";
import { createBackfill, pairOf, readPage } from "../../../../services/data-ingestion/exchanges/kraken-rest.ts";
import { kraken } from "../../../../services/data-ingestion/exchanges/kraken.ts";

// As the exchange's documentation shows them.
const row = (id: number, price: string, side = "sell"): string =>
  `{"symbol":"MATIC/USD","side":"${side}","price":${price},"qty":40.0,"ord_type":"market","trade_id":${id},"timestamp":"2023-09-25T07:49:37.708706Z"}`;
const frame = (...rows: string[]): string => `{"channel":"trade","type":"update","data":[${rows.join(",")}]}`;
const page =
  '{"error":[],"result":{"XXBTZUSD":[["30243.30000","0.00376960",1688669598.2804112,"s","l","",61044953],' +
  '["30243.40000","0.34507674",1688669597.8277369,"b","m","",61044952]],"last":"1688671969993150842"}}';

describe("services/data-ingestion/exchanges/kraken", () => {
  it("reads trades with all digits that they have, the side turned to the maker's, in their order", () => {
    const common = { product: "MATIC-USD", size: "40.0", time: "2023-09-25T07:49:37.708706Z", sequence: null };
    expect(kraken.read(frame(row(4665907, "0.5117"), row(4665906, "0.10000000000000001", "buy")))).to.deep.equal([
      { kind: "trade", trade: { ...common, tradeId: 4665906, price: "0.10000000000000001", side: "sell" } },
      { kind: "trade", trade: { ...common, tradeId: 4665907, price: "0.5117", side: "buy" } },
    ]);
  });

  for (const [written, plain] of [
    ["1e-8", "0.00000001"],
    ["1.25E-3", "0.00125"],
    ["2.5e3", "2500"],
    ["1.2345e2", "123.45"],
    ["12.50", "12.50"],
    ["0.5", "0.5"],
    ["7", "7"],
  ] as const) {
    it(`writes ${written} as ${plain}`, () => expect(decimal.parse(written)).to.equal(plain));
  }

  it("names products as the exchange does, and back", () => {
    expect(JSON.parse(kraken.subscribe(["BTC-USD", "DOGE-EUR"]))).to.deep.equal({
      method: "subscribe",
      params: { channel: "trade", symbol: ["BTC/USD", "DOGE/EUR"], snapshot: true },
    });
    expect([pairOf("BTC-USD"), pairOf("DOGE-EUR"), pairOf("ETH-BTC")]).to.deep.equal(["XBTUSD", "XDGEUR", "ETHXBT"]);
    const [event] = kraken.read(frame(row(1, "2").replace("MATIC/USD", "XBT/USD")));
    expect(event?.kind === "trade" && event.trade.product).to.equal("BTC-USD");
  });

  for (const [text, kind] of [
    ['{"channel":"heartbeat"}', "alive"],
    ['{"channel":"status","type":"update","data":[{"system":"online","api_version":"v2"}]}', "alive"],
    ['{"channel":"status","type":"update","data":[{"system":"maintenance"}]}', "refused"],
    ['{"method":"subscribe","result":{"channel":"trade","symbol":"BTC/USD"},"success":true,"req_id":1}', "subscribed"],
    ['{"error":"Currency pair not supported NO/NE","method":"subscribe","success":false}', "refused"],
    ['{"error":"Malformed request","success":false}', "refused"],
  ] as const) {
    it(`takes ${text.slice(0, 60)} for ${kind}`, () => {
      expect(kraken.read(text).map((event) => event.kind)).to.deep.equal([kind]);
    });
  }

  for (const text of ["", "{", "null", "[]", '{"channel":"book"}', frame(row(1, '"NaN"')), frame(row(-1, "1"))]) {
    it(`does not throw on ${text.slice(0, 90) || "nothing"}`, () => {
      expect(kraken.read(text).map(({ kind }) => kind)).to.deep.equal(["unknown"]);
    });
  }

  it("reads a page of REST, oldest first, to the microsecond", () => {
    expect(readPage("BTC-USD", page)).to.deep.equal([
      {
        ...{ product: "BTC-USD", tradeId: 61044952, price: "30243.40000", size: "0.34507674", side: "sell" },
        ...{ time: "2023-07-06T18:53:17.827736Z", sequence: null },
      },
      {
        ...{ product: "BTC-USD", tradeId: 61044953, price: "30243.30000", size: "0.00376960", side: "buy" },
        ...{ time: "2023-07-06T18:53:18.280411Z", sequence: null },
      },
    ]);
    const refusal = '{"error":["EGeneral:Too many requests"]}';
    expect(() => readPage("BTC-USD", refusal)).to.throw("the exchange refused: EGeneral:Too many requests");
  });

  it("asks from just before the trade in front of the gap, and keeps what is in it", async () => {
    const asked: string[] = [];
    const backfill = createBackfill("https://api.kraken.com/", (url) => {
      if (typeof url === "string") asked.push(url);
      return Promise.resolve(new Response(page));
    });
    const gap = { from: 61044953, to: 61044990, since: "2023-07-06T18:53:17.827736Z" };
    expect((await backfill.trades("BTC-USD", gap)).map(({ tradeId }) => tradeId)).to.deep.equal([61044953]);
    await backfill.trades("BTC-USD", { ...gap, since: undefined });
    const url = "https://api.kraken.com/0/public/Trades?pair=XBTUSD&count=1000";
    expect(asked).to.deep.equal([`${url}&since=1688669597827735999`, url]);
  });
});
