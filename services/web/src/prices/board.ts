/** The table of prices, as data. */
import type { FrameOf } from "../stream/frames.ts";

export interface Coin {
  readonly symbol: string;
  readonly name: string;
  readonly product: string;
}

export interface Quote {
  readonly price: string;
  /** Which of two trades is the newer one. */
  readonly tradeId: number;
  readonly time: string;
  readonly move: "up" | "down" | "none";
  /** Rises with every move, so that two of the same direction are two. */
  readonly moves: number;
}

export interface Hour {
  readonly mean: number;
  readonly posts: number;
}

export interface Board {
  readonly coins: readonly Coin[];
  readonly quotes: Readonly<Record<string, Quote>>;
  /** The last hour's posts, by symbol. */
  readonly moods: Readonly<Record<string, Hour>>;
  /** The last day's closing prices by the hour, by product; the first one is what the change is against. */
  readonly days: Readonly<Record<string, readonly number[]>>;
}

export const EMPTY: Board = { coins: [], quotes: {}, moods: {}, days: {} };

export interface Trade {
  readonly product: string;
  readonly tradeId: number;
  readonly price: string;
  readonly time: string;
}

/** Takes a trade, from whichever side it came; an older one than is shown changes nothing. */
export function withTrade(board: Board, { product, tradeId, price, time }: Trade): Board {
  const known = board.quotes[product];
  if (known && known.tradeId >= tradeId) return board;
  const move = directionOf(known?.price, price);
  const moves = (known?.moves ?? 0) + (move === "none" ? 0 : 1);
  const quote: Quote = { price, tradeId, time, moves, move: move === "none" ? (known?.move ?? "none") : move };
  return { ...board, quotes: { ...board.quotes, [product]: quote } };
}

function directionOf(before: string | undefined, after: string): Quote["move"] {
  const difference = before === undefined ? 0 : Number(after) - Number(before);
  if (difference > 0) return "up";
  return difference < 0 ? "down" : "none";
}

export function withMood(board: Board, { symbol, hour }: Pick<FrameOf<"sentiment">, "symbol" | "hour">): Board {
  return { ...board, moods: { ...board.moods, [symbol]: hour } };
}

/** Percent since a day ago; undefined while either end is unknown. */
export function changeOf(board: Board, product: string): number | undefined {
  const first = board.days[product]?.[0];
  const quote = board.quotes[product];
  if (first === undefined || first === 0 || !quote) return undefined;
  return ((Number(quote.price) - first) / first) * 100;
}
