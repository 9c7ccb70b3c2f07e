import type { Missing, Trade } from "./exchanges/index.ts";

/** Trades held back behind a gap; more are let go, since whatever fills the gap can bring them too. */
const CAPACITY = 10_000;

/** Puts one product's trades in order of their ids, none left out and none twice. Pure bookkeeping. */
export class Sequencer {
  readonly #held = new Map<number, Trade>();
  readonly #capacity: number;
  #next: number | undefined;
  #highest = -1;

  /** @param next the id to begin with; without it nothing comes out until `startAt` */
  constructor(next?: number, capacity = CAPACITY) {
    this.#next = next;
    this.#capacity = capacity;
  }

  get started(): boolean {
    return this.#next !== undefined;
  }

  /** Takes a trade from anywhere and returns what is now in order. */
  offer(trade: Trade): Trade[] {
    if (this.#next !== undefined && trade.tradeId < this.#next) return [];
    this.noteHighest(trade.tradeId);
    if (trade.tradeId === this.#next || this.#held.size < this.#capacity) this.#held.set(trade.tradeId, trade);
    return this.#drain();
  }

  /** Learns that a trade with this id exists. */
  noteHighest(tradeId: number): void {
    this.#highest = Math.max(this.#highest, tradeId);
  }

  /** The oldest trade held back. */
  first(): Trade | undefined {
    return this.#held.get(this.#lowestHeld());
  }

  /** Begins with this id. */
  startAt(tradeId: number): Trade[] {
    this.#next = tradeId;
    for (const held of this.#held.keys()) if (held < tradeId) this.#held.delete(held);
    return this.#drain();
  }

  /** The gap in front of what is held back, or of what is known to exist. */
  missing(): Missing | undefined {
    if (this.#next === undefined || this.#highest < this.#next) return undefined;
    return { from: this.#next, to: this.#held.size > 0 ? this.#lowestHeld() - 1 : this.#highest };
  }

  /** Gives up the ids below `next`, which its source does not have. */
  giveUpBelow(next: number): Trade[] {
    this.#next = Math.max(this.#next ?? 0, next);
    return this.#drain();
  }

  #drain(): Trade[] {
    const ready: Trade[] = [];
    if (this.#next === undefined) return ready;
    for (let trade = this.#held.get(this.#next); trade; trade = this.#held.get(this.#next)) {
      ready.push(trade);
      this.#held.delete(this.#next);
      this.#next += 1;
    }
    return ready;
  }

  #lowestHeld(): number {
    let lowest = Infinity;
    for (const tradeId of this.#held.keys()) lowest = Math.min(lowest, tradeId);
    return lowest;
  }
}
