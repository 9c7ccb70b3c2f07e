/** Keeps the table of prices: what the API knows at first and after a gap, what the stream adds in between. */
import type { Client } from "../http/client.ts";
import { candles, coins, latestPrices, moodOverview } from "../http/shapes.ts";
import { createLoader, type Loadable } from "../state/loadable.ts";
import type { Frame } from "../stream/frames.ts";
import { type Board, type Coin, EMPTY, withMood, withTrade } from "./board.ts";

export interface Market {
  readonly board: Board;
  readonly loading: Loadable<readonly Coin[]>;
  load(): Promise<void>;
  take(frame: Frame): void;
}

export interface MarketOptions {
  readonly api: Client;
  readonly told: () => void;
  /** Which products and symbols there are. */
  readonly onCoins: (products: readonly string[], symbols: readonly string[]) => void;
  readonly now: () => number;
}

const DAY_MS = 86_400_000;
/** A small coin's day may be asked a little later than a large one's. */
const AT_ONCE = 4;

export function createMarket({ api, told, onCoins, now }: MarketOptions): Market {
  let board = EMPTY;
  /** Each partition may tell of a gap of its own; one look is enough for all. */
  let running: Promise<void> | undefined;
  const loader = createLoader<readonly Coin[]>(told);
  const become = (changed: Board): void => {
    if (changed === board) return;
    board = changed;
    told();
  };

  async function loadCoins(): Promise<readonly Coin[]> {
    const [{ items }, { prices }] = await Promise.all([api.read(coins, "/coins"), api.read(latestPrices, "/prices")]);
    const traded = items.flatMap(({ symbol, name, product }) => (product === null ? [] : [{ symbol, name, product }]));
    become(prices.reduce(withTrade, { ...board, coins: traded }));
    onCoins(
      traded.map(({ product }) => product),
      items.map(({ symbol }) => symbol),
    );
    return traded;
  }

  async function loadMoods(): Promise<void> {
    const { items } = await api.read(moodOverview, "/sentiment");
    const moods = Object.fromEntries(items.map(({ symbol, mean, posts }) => [symbol, { mean, posts }]));
    become({ ...board, moods: { ...board.moods, ...moods } });
  }

  async function loadDay(product: string): Promise<void> {
    const from = new Date(now() - DAY_MS).toISOString();
    const { items } = await api.read(candles, `/candles/${product}?interval=1h&from=${from}`);
    const [first] = items;
    if (!first) return;
    const closes = [Number(first.open), ...items.map(({ close }) => Number(close))];
    become({ ...board, days: { ...board.days, [product]: closes } });
  }

  /** What is missing leaves a dash in its column; the table itself is there. */
  async function loadRest(traded: readonly Coin[]): Promise<void> {
    const waiting = traded.map(({ product }) => product);
    const worker = async (): Promise<void> => {
      for (let product = waiting.shift(); product !== undefined; product = waiting.shift()) await loadDay(product);
    };
    await Promise.allSettled([loadMoods(), ...Array.from({ length: AT_ONCE }, worker)]);
  }

  async function load(): Promise<void> {
    await loader.load(loadCoins);
    if (loader.state.value) await loadRest(loader.state.value);
  }

  return {
    get board() {
      return board;
    },
    get loading() {
      return loader.state;
    },
    load: () => {
      running ??= load().finally(() => {
        running = undefined;
      });
      return running;
    },
    take: (frame) => {
      if (frame.type === "price") become(withTrade(board, frame));
      if (frame.type === "sentiment") become(withMood(board, frame));
    },
  };
}
