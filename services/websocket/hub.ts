import type { WebSocket } from "ws";

import type { Logger } from "../shared/logging.ts";
import { pause } from "../shared/retry.ts";
import { CLOSE, type Limits } from "./protocol.ts";
import type { Update } from "./ring.ts";
import { Session } from "./session.ts";
import type { PriceStream, StreamListener } from "./stream.ts";

export interface HubOptions {
  readonly stream: PriceStream;
  readonly limits: Limits;
  readonly log: Logger;
  /** Milliseconds between pings; a client that hasn't answered the last one by the next is cut. */
  readonly heartbeat?: number;
}

const HEARTBEAT_MS = 25_000;
/** After the last client was told to go, in milliseconds. */
const STRAGGLERS_MS = 3_000;
/** Clients told to go are told in waves, so that they don't all arrive at the next replica at once. */
const WAVE = { clients: 200, milliseconds: 50 } as const;

/** All clients of this replica, and who is live for which product. */
export class Hub implements StreamListener {
  readonly #sessions = new Map<WebSocket, Session>();
  readonly #byProduct = new Map<string, Set<Session>>();
  readonly #options: HubOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.heartbeat ?? HEARTBEAT_MS);
    options.stream.listen(this);
  }

  get size(): number {
    return this.#sessions.size;
  }

  add(socket: WebSocket): void {
    const { stream, limits, log } = this.#options;
    const session: Session = new Session({
      socket,
      stream,
      limits,
      log,
      onLive: (product, live) => this.#setLive(product, session, live),
    });
    this.#sessions.set(socket, session);
    socket.on("error", (error) => log.debug({ err: error }, "a client connection failed"));
    socket.once("close", () => {
      session.end();
      this.#sessions.delete(socket);
    });
  }

  onUpdate(update: Update): void {
    for (const session of this.#byProduct.get(update.product) ?? []) session.deliver(update);
  }

  onGap(partition: number, from: number, to: number): void {
    for (const session of this.#sessions.values()) session.tellGap(partition, from, to);
  }

  /** Asks every client to reconnect elsewhere (1001) and waits until all are gone, or cut. */
  async close(): Promise<void> {
    clearInterval(this.#timer);
    const gone = [...this.#sessions.keys()].map(
      (socket) => new Promise<void>((resolve) => socket.once("close", () => resolve())),
    );
    let told = 0;
    for (const session of [...this.#sessions.values()]) {
      session.close(CLOSE.goingAway, "this replica is going away; reconnect");
      told += 1;
      if (told % WAVE.clients === 0) await pause(WAVE.milliseconds);
    }
    // Those that were closing already, by their own doing, may never finish.
    const timer = setTimeout(() => {
      for (const socket of this.#sessions.keys()) socket.terminate();
    }, STRAGGLERS_MS);
    await Promise.all(gone);
    clearTimeout(timer);
  }

  #beat(): void {
    for (const [socket, session] of this.#sessions) {
      if (!session.alive) {
        socket.terminate();
        continue;
      }
      session.alive = false;
      socket.ping();
    }
  }

  #setLive(product: string, session: Session, live: boolean): void {
    const sessions = this.#byProduct.get(product) ?? new Set();
    if (live) this.#byProduct.set(product, sessions.add(session));
    else if (sessions.delete(session) && sessions.size === 0) this.#byProduct.delete(product);
  }
}
