import { expect } from "chai";
import { trial, type TrialCheck } from "../../../../targets/migration/load/trial.ts";
import { type Exchange, type ExchangeOptions, PRODUCTS, startExchange, until } from "./exchange.ts";

describe("trial", () => {
  let exchange: Exchange;
  const attempt = async (options: ExchangeOptions = {}, streamMilliseconds = 3000): Promise<readonly TrialCheck[]> => {
    exchange = await startExchange(options);
    const feed = setInterval(() => exchange.publish(), 20);
    try {
      return await trial({
        ...{ baseUrl: exchange.baseUrl, wsUrl: exchange.wsUrl, products: PRODUCTS, streamMilliseconds },
        header: { name: "X-Trial", value: "a-secret-value" },
        ...{ signal: new AbortController().signal, timeoutMilliseconds: 60 },
      });
    } finally {
      clearInterval(feed);
    }
  };
  afterEach(() => exchange.close());
  const failed = (checks: readonly TrialCheck[]): string[] =>
    checks.filter(({ ok }) => !ok).map(({ sentence }) => sentence);

  it("reads, writes, repeats, reads back, deletes and streams, always by the header", async () => {
    const checks = await attempt();
    expect(failed(checks)).to.deep.equal([]);
    expect(checks.map(({ name }) => name)).to.deep.equal([
      ...["read /api/v1/prices", "read /api/v1/prices/BTC-USD", "write", "write again with the same key"],
      ...["read back", "delete", "stream"],
    ]);
    expect(new Set(exchange.headersSeen)).to.deep.equal(new Set(["a-secret-value"]));
    expect(exchange.rows.size).to.equal(0);
  });

  it("leaves now and then an error to the gates", async () => {
    expect(failed(await attempt({ manner: (nth) => (nth % 3 === 0 ? "error" : "ok") }))).to.deep.equal([]);
  });

  it("says what does not work, all at once, and keeps the secret", async () => {
    const checks = await attempt({ manner: () => "error", handshake: () => "refuse" }, 200);
    expect(failed(checks).map((sentence) => sentence.split(":")[0])).to.deep.equal([
      ...["read /api/v1/prices", "read /api/v1/prices/BTC-USD", "write", "stream"],
    ]);
    expect(failed(checks)[2]).to.equal("write: HTTP 500 after 4 tries.");
    expect(failed(checks)[3]).to.contain("503");
    expect(JSON.stringify(checks)).to.not.contain("a-secret-value");
  });

  it("notices an answer of another shape, and a side that hangs", async () => {
    expect(failed(await attempt({ manner: () => "unfit" }))).to.deep.equal(["write: the answer has another shape."]);
    await exchange.close();
    expect(failed(await attempt({ manner: () => "hang" }))[0]).to.contain("no answer (timeout)");
  });

  it("ends when the signal fires", async () => {
    exchange = await startExchange({ manner: () => "hang" });
    const controller = new AbortController();
    const { baseUrl, wsUrl } = exchange;
    const header = { name: "x-trial", value: "v" };
    const running = trial({ baseUrl, wsUrl, header, products: PRODUCTS, signal: controller.signal });
    await until(() => exchange.requests() > 0, "a request");
    controller.abort();
    expect(failed(await running)).to.have.length.greaterThan(2);
  });
});
