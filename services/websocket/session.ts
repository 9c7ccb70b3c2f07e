import { WebSocket } from "ws";

import type { Logger } from "../shared/logging.ts";
import * as protocol from "./protocol.ts";
import { planReplay, positionsBefore, type Replay, replaySlice } from "./replay.ts";
import type { Update } from "./ring.ts";
import type { PriceStream } from "./stream.ts";

export interface SessionOptions {
  readonly socket: WebSocket;
  readonly stream: PriceStream;
  readonly limits: protocol.Limits;
  readonly log: Logger;
  /** Told when a product begins or ends to be live for this session. */
  readonly onLive: (product: string, live: boolean) => void;
}

/** How long a peer may take to answer our close before the connection is cut, in milliseconds. */
const CLOSE_PATIENCE_MS = 2_000;
const TEXT = { binary: false } as const;

/**
 * One client. A product is either live, or in a replay that leads there: updates are read from the rings by position,
 * and the switch to live happens in the same turn in which the replay reaches the end, so none is missed or doubled.
 */
export class Session {
  /** Set by a pong, cleared by each ping. */
  alive = true;
  /** Products that are live, with the offset by partition below which the client has seen everything. */
  readonly #live = new Map<string, ReadonlyMap<number, number>>();
  readonly #replays: Replay[] = [];
  readonly #options: SessionOptions;
  #strikes = 0;
  #pumping = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    options.socket.on("message", (data, isBinary) => this.#receive(data as Buffer, isBinary));
    options.socket.on("pong", () => (this.alive = true));
  }

  /** Sends a live update, or gives up on a client that doesn't read. */
  deliver({ product, partition, offset, data }: Update): void {
    if (offset < (this.#live.get(product)?.get(partition) ?? 0)) return;
    this.#send(data);
    if (this.#options.socket.bufferedAmount > this.#options.limits.bufferedBytes) {
      this.close(protocol.CLOSE.tryAgainLater, "slow consumer");
    }
  }

  /** Tells a live client that offsets are lost. */
  tellGap(partition: number, from: number, to: number): void {
    if (this.#live.size > 0) this.#send(protocol.gap(partition, from, to));
  }

  /** Closes after what has been sent; cuts the connection when the peer doesn't answer in time. */
  close(code: number, reason: string): void {
    const { socket } = this.#options;
    if (socket.readyState !== WebSocket.OPEN) return;
    this.end();
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS);
    socket.once("close", () => clearTimeout(timer));
  }

  /** Forgets all subscriptions. */
  end(): void {
    this.#replays.length = 0;
    for (const product of this.#live.keys()) this.#options.onLive(product, false);
    this.#live.clear();
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const { limits } = this.#options;
    if (data.length > limits.messageBytes) {
      this.#refuse({ code: "message-too-large", detail: `At most ${limits.messageBytes} bytes.` });
      return;
    }
    if (isBinary) {
      this.#refuse({ code: "invalid-json", detail: "Messages are JSON in text frames." });
      return;
    }
    const read = protocol.readRequest(data.toString("utf8"));
    const refusal = read.ok ? this.#carryOut(read.request) : read;
    if (refusal) this.#refuse(refusal);
    else this.#strikes = 0;
  }

  #carryOut(request: protocol.Request): protocol.Refusal | undefined {
    if (request.type === "subscribe") return this.#subscribe(request.products, request.from);
    this.#unsubscribe(request.products);
    return undefined;
  }

  #subscribe(products: readonly string[], from?: protocol.Offsets): protocol.Refusal | undefined {
    const { limits, stream } = this.#options;
    const known = this.#products();
    const added = new Set(products.filter((product) => !known.has(product)));
    if (known.size + added.size > limits.products) {
      return { code: "too-many-products", detail: `At most ${limits.products} products a connection.` };
    }
    if (this.#replays.length >= limits.replays) {
      return { code: "too-many-replays", detail: "Wait until earlier subscriptions have caught up." };
    }
    const plan = planReplay(stream, added, from);
    if ("unknownPartition" in plan) {
      return { code: "unknown-partition", detail: `There is no partition ${plan.unknownPartition}.` };
    }
    this.#send(protocol.subscribed(products, positionsBefore(plan.replay)));
    if (added.size === 0) return undefined;
    for (const frame of plan.gaps) this.#send(frame);
    this.#replays.push(plan.replay);
    void this.#pump();
    return undefined;
  }

  #unsubscribe(products: readonly string[]): void {
    for (const product of products) {
      for (const replay of this.#replays) replay.products.delete(product);
      if (this.#live.delete(product)) this.#options.onLive(product, false);
    }
    this.#send(protocol.unsubscribed(products));
  }

  /** Works replays off one by one, letting the socket drain between slices. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    const sink = { update: (update: Update) => this.#send(update.data), text: (frame: string) => this.#send(frame) };
    for (let replay = this.#replays[0]; replay; replay = this.#replays[0]) {
      while (!replaySlice(this.#options.stream, replay, sink)) {
        await this.#drained();
        if (this.#replays[0] !== replay) break;
      }
      if (this.#replays[0] !== replay) continue;
      this.#replays.shift();
      for (const product of replay.products) {
        this.#live.set(product, replay.cursors);
        this.#options.onLive(product, true);
      }
    }
    this.#pumping = false;
  }

  /** Resolves when the kernel has taken what was sent so far; at once when the connection is closed. */
  #drained(): Promise<void> {
    return new Promise((resolve) => this.#options.socket.ping("", false, () => resolve()));
  }

  #products(): Set<string> {
    return new Set([...this.#live.keys(), ...this.#replays.flatMap((replay) => [...replay.products])]);
  }

  #refuse(refusal: protocol.Refusal): void {
    this.#strikes += 1;
    this.#send(protocol.error(refusal));
    if (this.#strikes >= this.#options.limits.strikes) {
      this.close(protocol.CLOSE.policyViolation, "too many unfit messages");
    }
  }

  #send(frame: string | Buffer): void {
    if (this.#options.socket.readyState === WebSocket.OPEN) this.#options.socket.send(frame, TEXT);
  }
}
