/** What the service writes ↔ what the page reads, and the stream's way through a lost connection. */
import { expect } from "chai";
import { createStream } from "../../../services/web/src/stream/client.ts";
import { type Frame, readFrame } from "../../../services/web/src/stream/frames.ts";
import { advance, type Positions } from "../../../services/web/src/stream/offsets.ts";
import type { SocketEvents } from "../../../services/web/src/stream/socket.ts";
import { gap } from "../../../services/websocket/frames.ts";
import { readRequest } from "../../../services/websocket/requests.ts";
import { at, frames, notNow, unknownPartition } from "./support/said.ts";

const read = (text: string): Frame => {
  const frame = readFrame(text);
  if (!frame) throw new Error(`not a frame: ${text}`);
  return frame;
};

const positionsAfter = (...texts: readonly string[]): Positions => texts.map(read).reduce<Positions>(advance, {});

describe("web: frames of the service", () => {
  it("are all known, by their own type", () => {
    for (const [type, text] of Object.entries(frames)) expect(readFrame(text)?.type, type).to.equal(type);
  });

  it("that nobody knows are left alone", () => {
    for (const text of ["", "null", "[]", "{", '{"type":"later"}', '{"type":"price","product":1}']) {
      expect(readFrame(text), text).to.equal(undefined);
    }
  });
});

describe("web: how far each channel was read", () => {
  it("follows the updates of each partition, and never goes back for a repeated one", () => {
    const [first, second] = [at("prices", 0, 7), at("prices", 0, 6)];
    expect(positionsAfter(first, second, at("prices", 1, 2))).to.deep.equal({ prices: { "0": 7, "1": 2 } });
  });

  it("begins where the service says, but stays where it was itself", () => {
    expect(positionsAfter(frames.subscribed)).to.deep.equal({ prices: { "0": 4 } });
    expect(positionsAfter(at("prices", 0, 9), frames.subscribed)).to.deep.equal({ prices: { "0": 9 } });
  });

  it("goes over a gap, also backwards where the topic is another one", () => {
    expect(positionsAfter(at("sentiment", 2, 5), gap("sentiment", 2, 6, 20))).to.deep.equal({
      sentiment: { "2": 20 },
    });
    expect(positionsAfter(at("prices", 0, 900), gap("prices", 0, 901, 3))).to.deep.equal({
      prices: { "0": 3 },
    });
  });
});

describe("web: the stream", () => {
  /** Sockets that the test opens, speaks through and closes. */
  function played() {
    const sockets: { readonly events: SocketEvents; readonly said: string[]; closed: boolean }[] = [];
    const heard: Frame[] = [];
    const stream = createStream({
      random: () => 0,
      onConnection: () => undefined,
      onFrame: (frame) => heard.push(frame),
      connect: (events) => {
        const socket = { events, said: [] as string[], closed: false };
        sockets.push(socket);
        return { send: (text) => socket.said.push(text), close: () => void (socket.closed = true) };
      },
    });
    const newest = () => {
      const socket = sockets.at(-1);
      if (!socket) throw new Error("no connection");
      return socket;
    };
    return { stream, sockets, heard, newest };
  }

  const soon = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
  const asked = (texts: readonly string[]): readonly unknown[] => texts.map((text) => JSON.parse(text) as unknown);

  it("asks for all that is wished once it is open, in words that the service takes", () => {
    const { stream, newest } = played();
    stream.wish({ products: ["BTC-USD"], symbols: ["BTC"], token: "t" });
    stream.start();
    expect(newest().said).to.deep.equal([]);
    newest().events.opened();
    newest().events.received(frames.authenticated);
    stream.stop();
    expect(newest().said.map((text) => readRequest(text).ok)).to.deep.equal([true, true, true, true]);
    expect(asked(newest().said)).to.deep.equal([
      { type: "subscribe", products: ["BTC-USD"], conflate: true },
      { type: "subscribe", channel: "sentiment", symbols: ["BTC"], conflate: true },
      { type: "auth", token: "t" },
      { type: "subscribe", channel: "alerts" },
    ]);
  });

  it("goes on where it was after a lost connection", async () => {
    const { stream, sockets, newest } = played();
    stream.wish({ products: ["BTC-USD"] });
    stream.start();
    newest().events.opened();
    newest().events.received(at("prices", 0, 41));
    newest().events.closed(1001);
    await soon(300);
    newest().events.opened();
    stream.stop();
    expect(sockets).to.have.lengthOf(2);
    expect(asked(newest().said)).to.deep.equal([
      { type: "subscribe", products: ["BTC-USD"], conflate: true, from: { "0": 41 } },
    ]);
  });

  it("hears nothing from a socket that it gave up", () => {
    const { stream, newest, heard } = played();
    stream.start();
    const old = newest();
    old.events.opened();
    stream.network(false);
    old.events.received(frames.price);
    expect(old.closed).to.equal(true);
    expect(heard).to.deep.equal([]);
    stream.stop();
  });

  it("takes another connection when the user leaves, and forgets how far the alerts were read", async () => {
    const { stream, newest } = played();
    stream.wish({ token: "t" });
    stream.start();
    newest().events.opened();
    newest().events.received(at("alerts", 0, 3));
    const old = newest();
    stream.wish({ token: undefined });
    stream.wish({ token: "u" });
    await soon(300);
    newest().events.opened();
    newest().events.received(frames.authenticated);
    stream.stop();
    expect(old.closed).to.equal(true);
    expect(asked(newest().said)).to.deep.equal([
      { type: "auth", token: "u" },
      { type: "subscribe", channel: "alerts" },
    ]);
  });

  it("asks again, once for all, when the service can't just now", async () => {
    const { stream, newest } = played();
    stream.wish({ products: ["BTC-USD"] });
    stream.start();
    newest().events.opened();
    for (const text of [notNow, notNow]) newest().events.received(text);
    const before = newest().said.length;
    await soon(1_100);
    stream.stop();
    expect(before).to.equal(1);
    expect(asked(newest().said).slice(before)).to.deep.equal(asked(newest().said).slice(0, before));
  });

  it("begins again without positions when the service's partitions are others", async () => {
    const { stream, newest } = played();
    stream.wish({ products: ["BTC-USD"] });
    stream.start();
    newest().events.opened();
    newest().events.received(at("prices", 5, 41));
    newest().events.received(unknownPartition);
    await soon(300);
    newest().events.opened();
    stream.stop();
    expect(asked(newest().said)).to.deep.equal([{ type: "subscribe", products: ["BTC-USD"], conflate: true }]);
  });
});
