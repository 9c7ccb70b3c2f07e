import { expect } from "chai";

import { Publisher } from "../../../services/data-ingestion/publisher.ts";
import type { Message } from "../../../services/shared/kafka.ts";
import { quiet, until } from "../support.ts";
import { range, trade } from "./trades.ts";

const known = { exchange: "kraken", isReference: (product: string) => product === "ETH-USD" } as const;

function tenure() {
  const lost = new AbortController();
  let valid = true;
  return {
    tenure: { fence: 7, lost: lost.signal, valid: () => valid && !lost.signal.aborted },
    expire: () => (valid = false),
    lose: () => lost.abort(),
  };
}

const idsIn = (messages: readonly Message[]): number[] =>
  messages.map(({ value }) => (JSON.parse(String(value)) as { tradeId: number }).tradeId);

describe("services/data-ingestion/publisher", () => {
  it("sends what waits in batches, in order, with the fence, and repeats a batch that failed", async () => {
    const batches: Message[][] = [];
    let fail = true;
    const { tenure: mine, lose } = tenure();
    const publisher = new Publisher({
      ...known,
      tenure: mine,
      log: quiet,
      send: (messages) => {
        fail = !fail;
        if (fail) return Promise.reject(new Error("broker away"));
        batches.push(messages);
        return Promise.resolve();
      },
    });
    publisher.push(range(1, 1200).map((id) => trade(id)));
    const running = publisher.run();
    await until(() => batches.flat().length === 1200);
    publisher.push([trade(1201, "ETH-USD")]);
    await until(() => batches.flat().length === 1201);
    lose();
    await running;
    expect(idsIn(batches.flat())).to.deep.equal(range(1, 1201));
    expect(JSON.parse(String(batches.flat().at(-1)?.value))).to.include({ product: "ETH-USD", reference: true });
    expect(batches.length).to.be.lessThan(6);
    expect(batches[0]?.[0]?.key).to.equal("BTC-USD");
    expect(JSON.parse(String(batches[0]?.[0]?.value))).to.include({
      v: 1,
      fence: 7,
      exchange: "kraken",
      reference: false,
    });
  });

  it("sends nothing when the deadline has passed, even before the loss is signalled", async () => {
    let sent = 0;
    const { tenure: mine, expire, lose } = tenure();
    expire();
    const publisher = new Publisher({
      ...known,
      tenure: mine,
      log: quiet,
      send: () => Promise.resolve(void (sent += 1)),
    });
    publisher.push([trade(1)]);
    const running = publisher.run();
    await new Promise((resolve) => setTimeout(resolve, 30));
    lose();
    await running;
    expect(sent).to.equal(0);
  });

  it("holds its givers back when too much waits, and lets go when the lease is lost", async () => {
    const pressure: boolean[] = [];
    const { tenure: mine, lose } = tenure();
    const gate = Promise.withResolvers<undefined>();
    const publisher = new Publisher({
      ...known,
      tenure: mine,
      log: quiet,
      send: () => gate.promise.then(() => undefined),
      onPressure: (high) => pressure.push(high),
      marks: { high: 10, low: 2 },
    });
    const running = publisher.run();
    publisher.push(range(1, 11).map((id) => trade(id)));
    let roomy = false;
    const room = publisher.room().then(() => (roomy = true));
    await new Promise((resolve) => setTimeout(resolve, 10));
    expect([pressure, roomy]).to.deep.equal([[true], false]);
    gate.resolve(undefined);
    await room;
    expect(pressure).to.deep.equal([true, false]);
    lose();
    await running;
    await publisher.room();
  });
});
