import { Market, type MarketTrade } from "./market.ts";

export interface EmittedTrade extends MarketTrade {
  /** ISO 8601, UTC. */
  readonly time: string;
}

/** What has been emitted of one product: trade ids and their number. */
export interface Emitted {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export interface ExchangeOptions {
  readonly seed: number;
  readonly products: readonly string[];
  /** Trades per second, over all products. */
  readonly rate: number;
  readonly total?: number;
  readonly onTrade: (trade: EmittedTrade) => void;
}

const TICK_MS = 10;

/** A page of trades, newest first, and the cursors of the pages beside it. */
export interface Page {
  readonly trades: readonly EmittedTrade[];
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/** The exchange behind the replay: emits the market's trades at a steady rate and remembers all of them. */
export class Exchange {
  readonly products: ReadonlySet<string>;
  readonly #options: ExchangeOptions;
  readonly #market: Market;
  readonly #trades: Map<string, EmittedTrade[]>;
  #emitted = 0;
  #owed = 0;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#market = new Market(options.seed, options.products);
    this.#trades = new Map(options.products.map((product) => [product, []]));
    this.products = new Set(options.products);
  }

  /** Begins, once: every product gets its first trade at once, so that each has a last one to tell. */
  start(): void {
    if (this.#emitted > 0) return;
    for (let i = 0; i < this.#options.products.length; i += 1) this.#emit();
    this.resume();
  }

  /** Stops emitting; `resume` goes on. */
  pause(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  resume(): void {
    if (this.#timer || this.#done() || this.#emitted === 0) return;
    this.#last = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  last(product: string): EmittedTrade | undefined {
    return this.#trades.get(product)?.at(-1);
  }

  emitted(): Record<string, Emitted> {
    return Object.fromEntries(
      [...this.#trades].flatMap(([product, trades]) => {
        const first = trades[0]?.trade_id;
        const last = trades.at(-1)?.trade_id;
        return first === undefined || last === undefined ? [] : [[product, { first, last, count: trades.length }]];
      }),
    );
  }

  /** Newest first. `before` keeps newer trades than that id, `after` older ones, as Coinbase's cursors do. */
  page(product: string, limit: number, before: number | undefined, after: number | undefined): Page {
    const all = this.#trades.get(product) ?? [];
    const from = before === undefined ? 0 : Math.max(0, before);
    const to = after === undefined ? all.length : Math.min(all.length, Math.max(0, after - 1));
    const trades = all.slice(Math.max(from, to - limit), Math.max(from, to)).reverse();
    return { trades, before: trades[0]?.trade_id, after: trades.at(-1)?.trade_id };
  }

  #tick(): void {
    const now = performance.now();
    this.#owed += ((now - this.#last) / 1000) * this.#options.rate;
    this.#last = now;
    for (; this.#owed >= 1 && !this.#done(); this.#owed -= 1) this.#emit();
    if (this.#done()) this.pause();
  }

  #done(): boolean {
    return this.#emitted >= (this.#options.total ?? Infinity);
  }

  #emit(): void {
    const trade = { ...this.#market.next(), time: new Date().toISOString() };
    this.#trades.get(trade.product_id)?.push(trade);
    this.#emitted += 1;
    this.#options.onTrade(trade);
  }
}
