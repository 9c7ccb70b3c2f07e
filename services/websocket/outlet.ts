import { WebSocket } from "ws";

import { CLOSE, type Limits } from "./limits.ts";

/** How long a peer may take to answer our close before the connection is cut, in milliseconds. */
const CLOSE_PATIENCE_MS = 2_000;
const TEXT = { binary: false } as const;

export interface OutletOptions {
  readonly socket: WebSocket;
  readonly limits: Limits;
  /** Called before our close goes out: nothing more is to be sent. */
  readonly onClosing: () => void;
}

/** The way out to one client. */
export class Outlet {
  readonly #options: OutletOptions;

  constructor(options: OutletOptions) {
    this.#options = options;
  }

  get open(): boolean {
    return this.#options.socket.readyState === WebSocket.OPEN;
  }

  /** Bytes that wait for the client to read. */
  get buffered(): number {
    return this.#options.socket.bufferedAmount;
  }

  /** Sends a frame; to a connection that is closing, nothing. */
  send(frame: string | Buffer): void {
    if (this.open) this.#options.socket.send(frame, TEXT);
  }

  /** Sends a live update, or gives up on a client that doesn't read. */
  sendLive(frame: Buffer): void {
    this.send(frame);
    if (this.buffered > this.#options.limits.bufferedBytes) this.close(CLOSE.tryAgainLater, "slow consumer");
  }

  /** Resolves when the kernel has taken what was sent so far; at once when the connection is closed. */
  drained(): Promise<void> {
    return new Promise((resolve) => this.#options.socket.ping("", false, () => resolve()));
  }

  /** Closes after what has been sent; cuts the connection when the peer doesn't answer in time. */
  close(code: number, reason: string): void {
    if (!this.open) return;
    const { socket, onClosing } = this.#options;
    onClosing();
    socket.close(code, reason);
    const timer = setTimeout(() => socket.terminate(), CLOSE_PATIENCE_MS);
    socket.once("close", () => clearTimeout(timer));
  }
}
