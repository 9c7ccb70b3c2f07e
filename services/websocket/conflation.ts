import type { Channel } from "./channel.ts";
import * as frames from "./frames.ts";
import type { Outlet } from "./outlet.ts";
import type { Update } from "./ring.ts";

/**
 * For a client that asked for it, and reads too slowly: of what it has not taken yet, only the latest of each key. So
 * it stays connected and up to date, where another would fall behind until it is closed.
 */
export class Conflation {
  /** In the order of their arrival, so that offsets of a partition still rise. */
  readonly #waiting = new Map<string, Update>();
  readonly #outlet: Outlet;
  readonly #channel: Channel;
  /** Bytes waiting in the outlet from which on updates are held. */
  readonly #mark: number;
  #skipped = 0;

  constructor(outlet: Outlet, channel: Channel, mark: number) {
    this.#outlet = outlet;
    this.#channel = channel;
    this.#mark = mark;
  }

  /** Sends an update, or keeps it, in the place of an older one, until the client has caught up. */
  take(update: Update): void {
    if (this.#waiting.size === 0) {
      if (this.#outlet.buffered <= this.#mark) {
        this.#outlet.sendLive(update.data);
        return;
      }
      void this.#outlet.drained().then(() => this.#flush());
    }
    if (this.#waiting.delete(update.key)) this.#skipped += 1;
    this.#waiting.set(update.key, update);
  }

  /** Forgets what waits of a key, or of all. */
  forget(key?: string): void {
    if (key === undefined) this.#waiting.clear();
    else this.#waiting.delete(key);
  }

  #flush(): void {
    if (this.#skipped > 0) this.#outlet.send(frames.conflated(this.#channel, this.#skipped));
    for (const { data } of this.#waiting.values()) this.#outlet.sendLive(data);
    this.#waiting.clear();
    this.#skipped = 0;
  }
}
