/** Whatever a client sends is answered by a frame of ours, and the service goes on. */
import { expect } from "chai";
import fc from "fast-check";

import { ERROR_CODES, readRequest } from "../../services/websocket/requests.ts";
import { until } from "../services/support.ts";
import { Log } from "../services/websocket/messages.ts";
import { connect, replica } from "../services/websocket/replica.ts";
import { seeded } from "./seeded.ts";

const SECRET = "hunter2";
const product = fc.oneof(fc.constantFrom("A-B", "BTC-USD", "btc-usd", "", SECRET), fc.string({ maxLength: 40 }));
const from = fc.oneof(
  fc.dictionary(fc.oneof(fc.constantFrom("0", "1", "-1", "9999999", "__proto__", SECRET), fc.string()), fc.anything()),
  fc.dictionary(fc.constantFrom("0", "7"), fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger())),
);
/** Close to what is right, each part absent or wrong now and then. */
const almost = fc.record(
  {
    type: fc.oneof(fc.constantFrom("subscribe", "unsubscribe", "auth"), fc.anything()),
    channel: fc.oneof(fc.constantFrom("prices", "sentiment", "alerts"), fc.anything()),
    products: fc.oneof(fc.array(product, { maxLength: 5 }), fc.anything()),
    symbols: fc.oneof(fc.array(fc.oneof(fc.constantFrom("BTC", "btc"), fc.string()), { maxLength: 5 }), fc.anything()),
    from: fc.oneof(from, fc.anything()),
    conflate: fc.oneof(fc.boolean(), fc.anything()),
    token: fc.oneof(fc.constantFrom(SECRET, "a.b.c"), fc.string({ maxLength: 3_000 }), fc.anything()),
  },
  { requiredKeys: [] },
);
const text = fc.oneof(
  { weight: 5, arbitrary: almost.map((value) => JSON.stringify(value)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 200 }) },
  { weight: 1, arbitrary: almost.map((value) => JSON.stringify(value).slice(0, -1)) },
  { weight: 1, arbitrary: fc.nat(3_000).map((depth) => "[".repeat(depth) + "]".repeat(depth)) },
);

describe("fuzz: services/websocket", () => {
  const count = seeded("WebSocket frames");
  it("reads 8,000 texts without a throw, and a refusal says why without repeating them", function () {
    this.timeout(60_000);
    const seen = new Set<string>();
    fc.assert(
      fc.property(text, (sent) => {
        const read = readRequest(sent);
        seen.add(read.ok ? read.request.type : read.code);
        if (read.ok) return;
        expect(ERROR_CODES).to.include(read.code);
        expect(read.detail).to.match(/^[\x20-\x7e]{1,200}$/);
        expect(read.detail).to.not.include(SECRET);
      }),
      { numRuns: 8_000 },
    );
    expect([...seen]).to.include.members(["subscribe", "unsubscribe", "auth", "invalid-json", "unknown-type"]);
    expect([...seen]).to.include("invalid-message");
  });

  it("answers each of 6,000 frames with one frame of its own kind", async function () {
    this.timeout(60_000);
    const strikes = Infinity;
    const { port, lifecycle } = await replica(new Log(), { limits: { strikes, products: 1e6, symbols: 1e6 } });
    const client = await connect(port);
    const frames = fc.oneof(
      { weight: 9, arbitrary: text },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }) },
    );
    const sent = fc.sample(frames, 6_000);
    count.add(sent.length);
    for (const [i, frame] of sent.entries()) {
      client.socket.send(frame);
      if (i % 200 === 0) await until(() => client.frames.length > i);
    }
    // Gap frames come on top of an answer.
    const answers = () => client.frames.filter(({ type }) => type !== "gap");
    await until(() => answers().length === sent.length);
    for (const frame of answers()) {
      expect(frame.type).to.be.oneOf(["subscribed", "unsubscribed", "error"]);
      if (frame.type !== "error") continue;
      expect(frame).to.have.all.keys("type", "code", "detail");
      expect(frame["code"]).to.be.oneOf([...ERROR_CODES]);
    }
    expect(new Set(client.errors())).to.include("token-invalid");
    client.ask({ type: "subscribe", products: ["LAST-ONE"] });
    await until(() => String(client.frames.at(-1)?.["products"]) === "LAST-ONE");
    await lifecycle.drain("test");
  });
});
