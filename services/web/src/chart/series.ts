/** What the chart draws, as data. */
import type { Trade } from "../prices/board.ts";
import type { Candle, MoodAt } from "../http/shapes.ts";

/** Seconds since 1970, as the chart has its times. */
export interface Bar {
  readonly time: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

export interface Point {
  readonly time: number;
  readonly value: number;
}

export interface Series {
  readonly bars: readonly Bar[];
  /** Mean sentiment of each interval's posts. */
  readonly moods: readonly Point[];
}

export const secondsOf = (time: string): number => Math.floor(Date.parse(time) / 1000);

export const barOf = ({ time, open, high, low, close, volume }: Candle): Bar => ({
  time: secondsOf(time),
  open: Number(open),
  high: Number(high),
  low: Number(low),
  close: Number(close),
  volume: Number(volume),
});

export const pointOf = ({ time, mean }: MoodAt): Point => ({ time: secondsOf(time), value: mean });

/**
 * The last bar with a trade of now in it, or a bar that the trade begins; the volume follows with the next load, since
 * trades that came before this page did are in it.
 *
 * @returns undefined for a trade of a bar that has ended
 */
export function barWith(bars: readonly Bar[], trade: Trade, seconds: number): Bar | undefined {
  const at = secondsOf(trade.time);
  const time = at - (at % seconds);
  const amount = Number(trade.price);
  const last = bars.at(-1);
  if (!last || time > last.time) return { time, open: amount, high: amount, low: amount, close: amount, volume: 0 };
  if (time < last.time) return undefined;
  return { ...last, high: Math.max(last.high, amount), low: Math.min(last.low, amount), close: amount };
}

export interface Summary {
  readonly close: number;
  readonly high: number;
  readonly low: number;
  /** Percent, from the first bar's opening. */
  readonly change: number;
  /** Of the newest interval that has posts. */
  readonly mood: number | undefined;
}

/** The chart in numbers; undefined without a bar. */
export function summarise({ bars, moods }: Series): Summary | undefined {
  const [first, last] = [bars[0], bars.at(-1)];
  if (!first || !last) return undefined;
  return {
    close: last.close,
    high: Math.max(...bars.map(({ high }) => high)),
    low: Math.min(...bars.map(({ low }) => low)),
    change: first.open === 0 ? 0 : ((last.close - first.open) / first.open) * 100,
    mood: moods.at(-1)?.value,
  };
}
