/** A market that is the same every time: what the mock's API answers. */
import { setTimeout as sleep } from "node:timers/promises";

export const COINS = [
  { symbol: "BTC", name: "Bitcoin", product: "BTC-USD", price: 64_012.55 },
  { symbol: "ETH", name: "Ethereum", product: "ETH-USD", price: 3_145.2 },
  { symbol: "SOL", name: "Solana", product: "SOL-USD", price: 142.871 },
  { symbol: "XRP", name: "XRP", product: "XRP-USD", price: 2.1934 },
  { symbol: "DOGE", name: "Dogecoin", product: "DOGE-USD", price: 0.164_32 },
  { symbol: "LINK", name: "Chainlink", product: "LINK-USD", price: 18.442 },
  { symbol: "SHIB", name: "Shiba Inu", product: "SHIB-USD", price: 0.000_012_34 },
] as const;

const SECONDS: Readonly<Record<string, number>> = {
  "1m": 60,
  "5m": 300,
  "15m": 900,
  "1h": 3600,
  "4h": 14_400,
  "1d": 86_400,
};

/** A wave on a trend: between -1 and 1, without a random number. */
const wave = (step: number, seed: number): number =>
  (Math.sin(step / 5 + seed) + Math.sin(step / 2.3 + seed * 2) / 2 + Math.cos(step / 17 + seed)) / 2.5;

const seedOf = (name: string): number => Buffer.from(name).reduce((sum, byte) => sum + byte, 0) % 13;

const decimal = (amount: number): string => amount.toFixed(amount < 1 ? 8 : 2);

/** Candles that end with the interval of now, at the coin's price. */
export function candlesOf(product: string, interval: string, count: number, now: number) {
  const seconds = SECONDS[interval] ?? 3600;
  const base = COINS.find((coin) => coin.product === product)?.price ?? 1;
  const last = Math.floor(now / 1000 / seconds);
  const seed = seedOf(product);
  const at = (step: number): number =>
    base * (1 + 0.03 * (wave(step, seed) - wave(count, seed)) + (step - count) * 0.0004);
  const items = Array.from({ length: count }, (_, index) => {
    const [open, close] = [at(index), at(index + 1)];
    const spread = base * 0.004 * (1 + Math.abs(wave(index * 3, seed)));
    return {
      time: new Date((last - count + 1 + index) * seconds * 1000).toISOString(),
      open: decimal(open),
      high: decimal(Math.max(open, close) + spread),
      low: decimal(Math.min(open, close) - spread),
      close: decimal(close),
      volume: (20 + 30 * Math.abs(wave(index * 2, seed + 1))).toFixed(4),
      trades: 40,
    };
  });
  return { product, interval, ...rangeOf(items, seconds), items };
}

function rangeOf(items: readonly { readonly time: string }[], seconds: number) {
  const times = items.map(({ time }) => Date.parse(time));
  const iso = (time: number): string => new Date(time).toISOString();
  return { from: iso(Math.min(...times)), to: iso(Math.max(...times) + seconds * 1000) };
}

export function moodsOf(symbol: string, interval: string, count: number, now: number) {
  const seconds = SECONDS[interval] ?? 3600;
  const last = Math.floor(now / 1000 / seconds);
  const seed = seedOf(symbol);
  const items = Array.from({ length: count }, (_, index) => {
    const mean = Math.round(wave(index, seed + 2) * 0.7 * 1e6) / 1e6;
    const time = new Date((last - count + 1 + index) * seconds * 1000).toISOString();
    return { time, mean, low: Math.max(-1, mean - 0.2), high: Math.min(1, mean + 0.2), posts: 3 + (index % 9) };
  });
  return { symbol, interval, ...rangeOf(items, seconds), items };
}

export function overviewOf(now: number) {
  const iso = (time: number): string => new Date(time).toISOString();
  const items = COINS.slice(0, 6).map(({ symbol }, index) => {
    const mean = wave(index * 4, 2) * 0.8;
    return { symbol, time: iso(now), mean, low: mean, high: mean, posts: 40 - index * 6 };
  });
  return { from: iso(now - 3_600_000), to: iso(now), items, next: null };
}

/** For a person who looks at the page: trades and posts until the signal says so. */
export async function liven(
  market: { trade(product: string, price: string): void; post(symbol: string, score: number): void },
  signal: AbortSignal,
): Promise<void> {
  for (let step = 1; !signal.aborted; step += 1) {
    const coin = COINS[step % COINS.length] ?? COINS[0];
    market.trade(coin.product, decimal(coin.price * (1 + 0.001 * wave(step, 3))));
    if (step % 4 === 0) market.post(coin.symbol, Math.round(wave(step, 1) * 100) / 100);
    await sleep(120);
  }
}
