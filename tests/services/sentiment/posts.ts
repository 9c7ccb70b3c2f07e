import type { CleanPost } from "../../../services/shared/topics/posts.ts";

export const NOON = Date.UTC(2026, 10, 24, 12);
export const instant = (time: number): string => new Date(time).toISOString();

/** A clean post about `symbol`, written so many seconds after noon. */
export function clean(
  id: string,
  symbol: string,
  text: string,
  seconds: number,
  rest: Partial<CleanPost> = {},
): CleanPost {
  return {
    v: 1,
    id: `reddit:${id}`,
    source: "reddit",
    symbol,
    symbols: [symbol],
    text,
    language: "en",
    createdAt: instant(NOON + seconds * 1000),
    receivedAt: instant(NOON + seconds * 1000 + 500),
    ...rest,
  };
}

/** One in storing order, for the recomputation. */
export interface Counted {
  readonly symbol: string;
  readonly time: number;
  readonly score: number;
}

/** Each one's hour by the definition, without any of the service's code: what came before it, and within the hour up to it. */
export function hoursOf(inOrder: readonly Counted[]): { readonly mean: number; readonly posts: number }[] {
  return inOrder.map((one, i) => {
    const hour = inOrder
      .slice(0, i + 1)
      .filter(({ symbol, time }) => symbol === one.symbol && time > one.time - 3_600_000 && time <= one.time);
    return { mean: hour.reduce((sum, { score }) => sum + score, 0) / hour.length, posts: hour.length };
  });
}
