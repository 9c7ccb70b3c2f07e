import { expect } from "chai";
import fc from "fast-check";

import { PRICES } from "../../../services/websocket/channels.ts";
import { planReplay, type Replay, replaySlice } from "../../../services/websocket/replay.ts";
import type { Update } from "../../../services/websocket/ring.ts";
import { TopicStream } from "../../../services/websocket/stream.ts";
import { collectingLog, quiet } from "../support.ts";
import { Log, message } from "./messages.ts";

const range = (from: number, to: number) => Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);

/** A client without its socket: replays, then live, noting what it gets. */
class Client {
  readonly offsets: number[] = [];
  readonly gaps: string[] = [];
  readonly #stream: TopicStream;
  #replay: Replay | undefined;
  #live: ReadonlyMap<number, number> | undefined;

  constructor(stream: TopicStream, from?: Record<string, number>) {
    this.#stream = stream;
    const plan = planReplay(stream, ["A-B"], from);
    if ("unknownPartition" in plan) throw new Error("unknown partition");
    this.gaps.push(...plan.gaps);
    this.#replay = plan.replay;
  }

  step(): void {
    if (!this.#replay) return;
    const sink = {
      update: (u: Update) => void this.offsets.push(u.offset),
      text: (t: string) => void this.gaps.push(t),
    };
    if (!replaySlice(this.#stream, this.#replay, sink)) return;
    this.#live = this.#replay.cursors;
    this.#replay = undefined;
  }

  onUpdate(update: Update): void {
    if (this.#live && update.key === "A-B" && update.offset >= (this.#live.get(update.partition) ?? 0)) {
      this.offsets.push(update.offset);
    }
  }
}

describe("services/websocket/stream", () => {
  const streamOf = (log: Log, capacity = 100, priming = 0, high = log.high) => {
    const stream = new TopicStream({ form: PRICES, log: quiet, capacity, priming });
    stream.begin([{ partition: 0, low: 0, high }]);
    log.feed(stream, high);
    return stream;
  };

  it("is caught up once it has read as far as the topic went at the start", () => {
    const log = new Log();
    log.append("A-B", ...range(1, 10));
    const stream = new TopicStream({ form: PRICES, log: quiet });
    expect(stream.caughtUp()).to.equal(false);
    stream.begin([{ partition: 0, low: 0, high: 10 }]);
    log.feed(stream, 9);
    expect(stream.caughtUp()).to.equal(false);
    log.feed(stream);
    expect(stream.caughtUp()).to.equal(true);
  });

  it("tells of the exchange that a product is known by, whatever ids another one's trades have", () => {
    const stream = new TopicStream({ form: PRICES, log: quiet });
    stream.begin([{ partition: 0, low: 0, high: 0 }]);
    const client = new Client(stream);
    stream.listen({ onUpdate: (update) => client.onUpdate(update), onGap: () => undefined });
    client.step();
    const kraken = { exchange: "kraken", reference: false } as const;
    const values = [message("A-B", 7), message("A-B", 900, kraken), message("A-B", 8), message("A-B", 901, kraken)];
    for (const [offset, value] of values.entries()) stream.accept(0, offset, value);
    expect(client.offsets).to.deep.equal([0, 2]);
    expect(stream.next().get(0)).to.equal(4);
  });

  it("drops repeated trades, and skips what does not fit, without losing count", () => {
    const log = new Log();
    log.append("A-B", 1, 2, 3, 2, 3, 4);
    const stream = streamOf(log);
    stream.accept(0, 6, Buffer.from("nonsense"));
    stream.accept(0, 7, null);
    expect(
      stream
        .ring(0)
        ?.read(0, 100)
        .map(({ offset }) => offset),
    ).to.deep.equal([0, 1, 2, 5]);
    expect(stream.ring(0)?.next).to.equal(8);
  });

  it("holds only what it is sure of when it starts in the middle of a handover", () => {
    const log = new Log();
    log.append("A-B", ...range(1, 50), ...range(41, 55), ...range(46, 60));
    const whole = streamOf(log, 1000);
    const late = streamOf(log, 20, 10);
    const heldFrom = late.ring(0)?.heldFrom ?? 0;
    const held = (stream: TopicStream) =>
      stream
        .ring(0)
        ?.read(heldFrom, 1000)
        .map(({ data }) => data.toString());
    expect(heldFrom).to.be.greaterThan(0);
    expect(held(late)).to.deep.equal(held(whole));
  });

  it("tells when offsets were gone before it could read them", () => {
    const { log: lines, lines: logged } = collectingLog();
    const stream = new TopicStream({ form: PRICES, log: lines });
    const gaps: number[][] = [];
    stream.listen({ onUpdate: () => undefined, onGap: (...gap) => void gaps.push(gap) });
    stream.begin([{ partition: 0, low: 0, high: 0 }]);
    stream.accept(0, 5, null);
    expect(gaps).to.deep.equal([[0, 0, 4]]);
    expect(stream.ring(0)?.heldFrom).to.equal(5);
    expect(logged.some(({ level }) => level === "error")).to.equal(true);
  });

  it("reads on where it was, and a new partition from its beginning", () => {
    const log = new Log();
    log.append("A-B", 1, 2);
    expect([...streamOf(log).positions([0, 1])]).to.deep.equal([
      [0, 2],
      [1, 0],
    ]);
  });

  it("resumes exactly, on a replica that is ahead or behind, while updates go on", () => {
    const plan = fc.record({
      trades: fc.integer({ min: 1, max: 1500 }),
      from: fc.integer({ min: -1, max: 1499 }),
      read: fc.integer({ min: 0, max: 1500 }),
      interleaving: fc.array(fc.oneof(fc.constant("step" as const), fc.integer({ min: 1, max: 700 })), {
        maxLength: 12,
      }),
    });
    fc.assert(
      fc.property(plan, ({ trades, from, read, interleaving }) => {
        const log = new Log();
        log.append("A-B", ...range(1, trades));
        const last = Math.min(from, trades - 1);
        const stream = streamOf(log, 10_000, 0, Math.min(read, trades));
        const client = new Client(stream, { 0: last });
        stream.listen({ onUpdate: (update) => client.onUpdate(update), onGap: () => undefined });
        for (const move of interleaving) {
          if (move === "step") client.step();
          else log.feed(stream, Math.min(log.high, (stream.ring(0)?.next ?? 0) + move));
        }
        log.feed(stream);
        for (let i = 0; i < 10; i += 1) client.step();
        log.append("A-B", trades + 1);
        log.feed(stream);
        expect(client.offsets).to.deep.equal(range(last + 1, trades));
        expect(client.gaps).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it("says which offsets it no longer holds", () => {
    const log = new Log();
    log.append("A-B", ...range(1, 50));
    const client = new Client(streamOf(log, 10), { 0: 4 });
    client.step();
    expect(client.gaps.map((text) => JSON.parse(text) as unknown)).to.deep.equal([
      { type: "gap", partition: 0, from: 5, to: 39 },
    ]);
    expect(client.offsets).to.deep.equal(range(40, 49));
  });

  it("does not wait for a position of another topic", () => {
    const log = new Log();
    log.append("A-B", 1);
    const client = new Client(streamOf(log), { 0: 1_000_000 });
    expect(client.gaps).to.have.length(1);
  });
});
