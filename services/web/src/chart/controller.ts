/** Which candles are shown, and how they stay true: loaded, then led on by trades, and loaded again now and then. */
import type { Client } from "../http/client.ts";
import { candles, moods } from "../http/shapes.ts";
import type { Trade } from "../prices/board.ts";
import { createLoader, type Loadable } from "../state/loadable.ts";
import type { Canvas } from "./canvas.ts";
import { type Interval, SECONDS } from "./intervals.ts";
import { barOf, barWith, pointOf, type Series } from "./series.ts";

export interface ChartController {
  readonly interval: Interval;
  readonly product: string | undefined;
  readonly state: Loadable<Series>;
  pick(product: string, interval: Interval): void;
  take(trade: Trade): void;
  /** The canvas came or went. */
  show(canvas: Canvas | undefined): void;
  again(): void;
  stop(): void;
}

/** Volumes and moods are the services' own sums, which trades here don't add to. */
const RELOAD_MS = 20_000;
/** One moves before a reader's eyes, and there are some as soon as anything is traded at all. */
const FIRST_INTERVAL: Interval = "1m";

export function createChartController(api: Client, told: () => void): ChartController {
  const loader = createLoader<Series>(told);
  let product: string | undefined;
  let interval: Interval = FIRST_INTERVAL;
  let canvas: Canvas | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function fetchSeries(of: string, by: Interval): Promise<Series> {
    const [symbol = ""] = of.split("-");
    const [prices, feelings] = await Promise.all([
      api.read(candles, `/candles/${of}?interval=${by}`),
      // Without sentiment the candles are still worth seeing.
      api.read(moods, `/sentiment/${symbol}?interval=${by}`).catch(() => ({ items: [] })),
    ]);
    return { bars: prices.items.map(barOf), moods: feelings.items.map(pointOf) };
  }

  async function load(isNew: boolean): Promise<void> {
    clearTimeout(timer);
    if (product === undefined) return;
    const [of, by] = [product, interval];
    await loader.load(() => fetchSeries(of, by), !isNew);
    if (of !== product || by !== interval) return;
    if (loader.state.value) canvas?.draw(loader.state.value, isNew);
    timer = setTimeout(() => void load(false), RELOAD_MS);
  }

  return {
    get interval() {
      return interval;
    },
    get product() {
      return product;
    },
    get state() {
      return loader.state;
    },
    pick: (wanted, by) => {
      const isNew = wanted !== product || by !== interval || loader.state.value === undefined;
      product = wanted;
      interval = by;
      void load(isNew);
    },
    take: (trade) => {
      const series = loader.state.value;
      if (!series || trade.product !== product) return;
      const bar = barWith(series.bars, trade, SECONDS[interval]);
      if (!bar) return;
      const others = series.bars.at(-1)?.time === bar.time ? series.bars.slice(0, -1) : series.bars;
      loader.update((known) => ({ ...known, bars: [...others, bar] }));
      canvas?.push(bar);
    },
    show: (shown) => {
      canvas = shown;
      if (loader.state.value) canvas?.draw(loader.state.value, true);
    },
    again: () => void load(true),
    stop: () => clearTimeout(timer),
  };
}
