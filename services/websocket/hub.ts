import type { WebSocket } from "ws";

import type { Logger } from "../shared/logging.ts";
import { pause } from "../shared/retry.ts";
import type { Verifier } from "../shared/tokens.ts";
import { Audience } from "./audience.ts";
import type { Streams } from "./channels.ts";
import { CLOSE, type Limits } from "./limits.ts";
import { Session } from "./session.ts";

export interface HubOptions {
  readonly streams: Streams;
  readonly verifier: Verifier;
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

/** All clients of this replica. */
export class Hub {
  readonly #sessions = new Map<WebSocket, Session>();
  readonly #audiences = { prices: new Audience(), sentiment: new Audience(), alerts: new Audience() } as const;
  readonly #options: HubOptions;
  readonly #timer: NodeJS.Timeout;

  constructor(options: HubOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#beat(), options.heartbeat ?? HEARTBEAT_MS);
    for (const stream of Object.values(options.streams)) stream.listen(this.#audiences[stream.channel]);
  }

  get size(): number {
    return this.#sessions.size;
  }

  add(socket: WebSocket): void {
    const { streams, verifier, limits, log } = this.#options;
    const session = new Session({ socket, streams, audiences: this.#audiences, verifier, limits, log });
    this.#sessions.set(socket, session);
    socket.on("error", (error) => log.debug({ err: error }, "a client connection failed"));
    socket.once("close", () => {
      session.end();
      this.#sessions.delete(socket);
    });
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
}
