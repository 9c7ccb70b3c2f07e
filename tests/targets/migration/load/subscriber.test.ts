import { expect } from "chai";
import { startSubscriber, type Subscriber } from "../../../../targets/migration/load/subscriber.ts";
import { type Exchange, type ExchangeOptions, PRODUCTS, startExchange, until } from "./exchange.ts";

describe("startSubscriber", () => {
  let exchange: Exchange;
  let subscriber: Subscriber;
  const start = async (options: ExchangeOptions = {}, reconnectEvery = { min: 60_000, max: 60_001 }) => {
    exchange = await startExchange(options);
    const url = `${exchange.wsUrl}/ws`;
    subscriber = startSubscriber({ url, products: PRODUCTS, reconnectEvery, backoff: { first: 5, max: 20 } });
    await until(() => subscriber.state().connected && exchange.clients() > 0, "a subscription");
  };
  afterEach(async () => {
    await subscriber.close();
    await exchange.close();
  });
  const seen = (count: number) => until(() => subscriber.state().updates >= count, `${count} updates`);
  const sum = (of: "missing" | "doubled"): number =>
    Object.values(subscriber.state().products).reduce((total, state) => total + state[of], 0);

  it("sees every trade of its products, once", async () => {
    await start();
    for (let n = 0; n < 5; n++) exchange.publish();
    await seen(10);
    expect(subscriber.state().products).to.have.keys(PRODUCTS);
    expect([sum("missing"), sum("doubled")]).to.deep.equal([0, 0]);
  });

  it("tells a missing and a doubled trade", async () => {
    await start();
    exchange.publish();
    exchange.publish(({ product, ...frame }) => (product === "BTC-USD" ? [] : [{ product, ...frame }]));
    exchange.publish((frame) => [frame, frame]);
    await seen(7);
    expect([sum("missing"), sum("doubled")]).to.deep.equal([1, 2]);
    expect(subscriber.state().products["BTC-USD"]?.examples).to.deep.equal([101, 102]);
  });

  it("comes back after a cut, and resumes where it was, without gap or double", async () => {
    await start();
    exchange.publish();
    await seen(2);
    exchange.cut();
    exchange.publish();
    exchange.publish();
    await until(() => exchange.clients() > 0, "the reconnect");
    exchange.publish();
    await seen(8);
    expect(subscriber.state()).to.include({ updates: 8, reconnects: 1 });
    expect([sum("missing"), sum("doubled")]).to.deep.equal([0, 0]);
  });

  it("resumes from where it was subscribed although it saw nothing before the cut", async () => {
    await start();
    await until(() => subscriber.state().connected, "the answer to its subscription");
    exchange.cut();
    exchange.publish();
    await seen(2);
    expect(subscriber.state().products["BTC-USD"]).to.include({ first: 100 });
  });

  it("leaves now and then by itself and misses nothing by that", async () => {
    await start({}, { min: 5, max: 25 });
    for (let n = 0; subscriber.state().reconnects < 5 && n < 1000; n++) {
      exchange.publish();
      await new Promise((resolve) => setTimeout(resolve, 3));
    }
    expect(subscriber.state().reconnects).to.be.at.least(5);
    expect([sum("missing"), sum("doubled")]).to.deep.equal([0, 0]);
  });

  it("keeps trying while it is refused", async () => {
    await start({ handshake: (nth) => (nth < 3 ? "refuse" : "ok") });
    expect(subscriber.state().errors).to.equal(3);
    expect(subscriber.state().lastError).to.contain("503");
  });

  it("comes back after an error message", async () => {
    await start({ handshake: (nth) => (nth < 1 ? "error" : "ok") });
    expect(subscriber.state()).to.include({ errors: 1, lastError: "not today" });
  });

  it("closes while it is still trying to connect", async () => {
    exchange = await startExchange({ handshake: () => "refuse" });
    subscriber = startSubscriber({ url: `${exchange.wsUrl}/ws`, products: PRODUCTS, backoff: { first: 5, max: 5 } });
    await until(() => subscriber.state().errors > 1, "refusals");
    await subscriber.close();
    const { errors } = subscriber.state();
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(subscriber.state().errors).to.equal(errors);
  });
});
