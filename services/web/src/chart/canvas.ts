/** The drawing itself, by lightweight-charts: candles and volume, and the posts' mood on a scale of its own. */
import {
  BaselineSeries,
  CandlestickSeries,
  ColorType,
  createChart,
  HistogramSeries,
  type UTCTimestamp,
} from "lightweight-charts";
import type { Bar, Series } from "./series.ts";

export interface Canvas {
  /** Draws anew; `fit` shows all of it, else the reader's own stretch stays. */
  draw(series: Series, fit: boolean): void;
  /** Puts one bar at the end, or in the last one's place. */
  push(bar: Bar): void;
  paint(isDark: boolean): void;
  remove(): void;
}

/** A canvas knows no custom properties; these are the style sheet's own. */
const COLOURS = {
  light: { ink: "#4a5568", line: "#e3e8ef", up: "#0b7a4b", down: "#c22f3d", mood: "#6b46c1" },
  dark: { ink: "#a3b0c2", line: "#253043", up: "#3ecf8e", down: "#ff7b86", mood: "#b79cff" },
} as const;

const LEAST_BAR_PIXELS = 5;
/** A handful of candles look like candles, and not like walls. */
const MOST_BAR_PIXELS = 24;
/** Room for the newest candle's time. */
const RIGHT_BARS = 2;

const at = (seconds: number): UTCTimestamp => seconds as UTCTimestamp;

export function createCanvas(container: HTMLElement, isDark: boolean): Canvas {
  const chart = createChart(container, {
    autoSize: true,
    // The logo brings a style element, which the content policy forbids; the page's foot names the makers instead.
    layout: { attributionLogo: false, fontFamily: "system-ui, sans-serif" },
    leftPriceScale: { visible: true, borderVisible: false },
    rightPriceScale: { borderVisible: false },
    timeScale: {
      timeVisible: true,
      secondsVisible: false,
      borderVisible: false,
      maxBarSpacing: MOST_BAR_PIXELS,
      rightOffset: RIGHT_BARS,
    },
    // Scrolling the page over it must not zoom it.
    handleScroll: { mouseWheel: false, vertTouchDrag: false },
    handleScale: { mouseWheel: false },
  });
  const candles = chart.addSeries(CandlestickSeries, { borderVisible: false });
  const volume = chart.addSeries(HistogramSeries, {
    priceScaleId: "volume",
    priceFormat: { type: "volume" },
    lastValueVisible: false,
    priceLineVisible: false,
  });
  volume.priceScale().applyOptions({ scaleMargins: { top: 0.85, bottom: 0 } });
  const mood = chart.addSeries(BaselineSeries, {
    priceScaleId: "left",
    baseValue: { type: "price", price: 0 },
    lineWidth: 2,
    priceLineVisible: false,
    autoscaleInfoProvider: () => ({ priceRange: { minValue: -1, maxValue: 1 } }),
    priceFormat: { type: "price", precision: 1, minMove: 0.1 },
  });

  mood.priceScale().applyOptions({ scaleMargins: { top: 0.04, bottom: 0.04 } });

  const drawn = ({ time, ...bar }: Bar) => ({ time: at(time), ...bar });
  const sold = ({ time, volume: value }: Bar) => ({ time: at(time), value });

  function paint(dark: boolean): void {
    const { ink, line, up, down, mood: violet } = COLOURS[dark ? "dark" : "light"];
    chart.applyOptions({
      layout: { background: { type: ColorType.Solid, color: "transparent" }, textColor: ink },
      grid: { vertLines: { color: line }, horzLines: { color: line } },
    });
    candles.applyOptions({ upColor: up, downColor: down, wickUpColor: up, wickDownColor: down });
    volume.applyOptions({ color: `${ink}55` });
    mood.applyOptions({
      topLineColor: violet,
      bottomLineColor: violet,
      topFillColor1: `${violet}22`,
      topFillColor2: `${violet}08`,
      bottomFillColor1: `${violet}08`,
      bottomFillColor2: `${violet}22`,
    });
  }

  function precisionOf(bars: readonly Bar[]): number {
    const price = Math.abs(bars.at(-1)?.close ?? 1);
    return price >= 100 ? 2 : price >= 1 ? 4 : 8;
  }

  /** All of it, where candles stay wide enough to be told apart; else the newest. */
  function show(count: number): void {
    const room = Math.floor(chart.timeScale().width() / LEAST_BAR_PIXELS);
    if (room <= 0 || room >= count) chart.timeScale().fitContent();
    else chart.timeScale().setVisibleLogicalRange({ from: count - room, to: count });
  }

  paint(isDark);
  return {
    draw: ({ bars, moods }, fit) => {
      const precision = precisionOf(bars);
      candles.applyOptions({ priceFormat: { type: "price", precision, minMove: 10 ** -precision } });
      candles.setData(bars.map(drawn));
      volume.setData(bars.map(sold));
      mood.setData(moods.map(({ time, value }) => ({ time: at(time), value })));
      if (fit) show(bars.length);
    },
    push: (bar) => candles.update(drawn(bar)),
    paint,
    remove: () => chart.remove(),
  };
}
