/** A trade as the exchange writes it; `time` is left to the moment it is emitted. */
export interface MarketTrade {
  readonly product_id: string;
  readonly trade_id: number;
  readonly sequence: number;
  readonly maker_order_id: string;
  readonly taker_order_id: string;
  readonly size: string;
  readonly price: string;
  readonly side: "buy" | "sell";
}

/** mulberry32: small, fast, and the same on every machine. @returns numbers in [0, 1) */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Where well-known products begin, in USD; others begin somewhere between 1 and 1,000. */
const START: Readonly<Record<string, number>> = { "BTC-USD": 60_000, "ETH-USD": 3_000, "SOL-USD": 150 };
/** The most a price moves from one trade to the next, as a share of it. */
const STEP = 0.0005;

/** A random walk of prices: which product trades next, and how, is decided by the seed alone. */
export class Market {
  readonly #random: () => number;
  readonly #products: readonly string[];
  readonly #prices: Map<string, number>;
  readonly #lastIds = new Map<string, number>();
  #sequence = 0;

  constructor(seed: number, products: readonly string[]) {
    this.#random = createRandom(seed);
    this.#products = products;
    this.#prices = new Map(products.map((product) => [product, START[product] ?? 1 + this.#random() * 999]));
  }

  /** The next trade. The first trades go round all products, so that each has one. */
  next(): MarketTrade {
    const random = this.#random;
    const untraded = this.#products[this.#lastIds.size];
    const product = untraded ?? this.#products[Math.floor(random() * this.#products.length)] ?? "";
    const price = Math.max(0.01, (this.#prices.get(product) ?? 1) * (1 + (random() * 2 - 1) * STEP));
    const tradeId = (this.#lastIds.get(product) ?? 0) + 1;
    this.#prices.set(product, price);
    this.#lastIds.set(product, tradeId);
    this.#sequence += 1;
    return {
      product_id: product,
      trade_id: tradeId,
      sequence: this.#sequence,
      maker_order_id: this.#uuid(),
      taker_order_id: this.#uuid(),
      size: (0.0001 + random() * 2).toFixed(8),
      price: price.toFixed(2),
      side: random() < 0.5 ? "buy" : "sell",
    };
  }

  #uuid(): string {
    const hex = Array.from({ length: 4 }, () =>
      Math.floor(this.#random() * 2 ** 32)
        .toString(16)
        .padStart(8, "0"),
    ).join("");
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
  }
}
