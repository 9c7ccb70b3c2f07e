import { z } from "zod";

import { Problem } from "../../shared/problem.ts";
import { score } from "../../shared/topics/fields.ts";
import type { Cache } from "../cache.ts";
import { COINS } from "../coins.ts";
import { bySymbol, symbol, time } from "../http/fields.ts";
import { type Route, route } from "../http/route.ts";
import { named } from "../http/schemas.ts";
import { freshness, interval, MOST_INTERVALS, type Range, rangeKey, rangeOf, rangeQuery } from "../intervals.ts";
import type { Stores } from "../stores/index.ts";
import { cached } from "./cached.ts";

const OVERVIEW_TTL_MS = 2_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Scores are read post by post, so this bounds the work; a popular coin has some ten thousand a day. */
const MOST_DAYS = 31;

const mood = {
  mean: score.describe("Of the posts' scores, from -1, all bad, to 1, all good; to six digits."),
  low: score,
  high: score,
  posts: z.int().min(1),
};
const moodAt = named("SentimentInterval", z.object({ time: time.describe("When the interval begins."), ...mood }));
const series = named(
  "SentimentSeries",
  z.object({
    ...{ symbol, interval, from: time, to: time },
    items: z.array(moodAt).describe("Rising; an interval without a post is left out."),
  }),
);
const moodOf = named("SentimentHour", z.object({ symbol, time: time.describe("Of the newest post."), ...mood }));
const overview = named(
  "SentimentOverview",
  z.object({
    ...{ from: time, to: time },
    items: z.array(moodOf).describe("Most posts first; a symbol without a post is left out."),
    next: z.null().describe("There is one page only."),
  }),
);

const SYMBOLS = COINS.map(({ symbol }) => symbol);

export function sentimentRoutes(
  { sentiment }: Pick<Stores, "sentiment">,
  cache: Cache,
  now: () => number,
): readonly Route[] {
  return [
    route({
      id: "getSentimentOverview",
      method: "get",
      path: "/sentiment",
      tag: "Sentiment",
      access: "public",
      summary: "How the last hour's posts feel about every symbol",
      answers: { 200: { description: "Every symbol that was spoken of.", schema: overview } },
      cacheControl: "public, max-age=2",
      handle: () =>
        cached(cache, "sentiment", OVERVIEW_TTL_MS, async () => {
          const to = new Date(now());
          const items = await sentiment.lastHour(SYMBOLS, to);
          return { from: new Date(to.getTime() - HOUR_MS).toISOString(), to: to.toISOString(), items, next: null };
        }),
    }),
    route({
      id: "getSentiment",
      method: "get",
      path: "/sentiment/{symbol}",
      tag: "Sentiment",
      access: "public",
      summary: "How posts feel about a symbol, by interval",
      description: `At most ${MOST_INTERVALS} intervals and ${MOST_DAYS} days.`,
      params: bySymbol,
      query: rangeQuery,
      answers: { 200: { description: "The intervals.", schema: series } },
      refusals: ["not-found", "range-too-long"],
      cacheControl: "public, max-age=1",
      handle: ({ params: { symbol }, query }) => {
        if (!SYMBOLS.includes(symbol)) throw new Problem("not-found", `${symbol} is not followed; see /coins.`);
        const at = now();
        const range = withinDays(rangeOf(query, at), query.from !== undefined);
        const { ttlMilliseconds, header } = freshness(range, at);
        const load = async () => {
          const items = await sentiment.bySymbol(symbol, range);
          const { interval, from, to } = range;
          return { symbol, interval, from: from.toISOString(), to: to.toISOString(), items };
        };
        return cached(cache, `sentiment:${symbol}:${rangeKey(range)}`, ttlMilliseconds, load, {
          "cache-control": header,
        });
      },
    }),
  ];
}

/** What was asked for must fit; what was left out is made to. @throws Problem 422 */
function withinDays(range: Range, wasAsked: boolean): Range {
  const earliest = new Date(range.to.getTime() - MOST_DAYS * DAY_MS);
  if (range.from >= earliest) return range;
  if (!wasAsked) return { ...range, from: earliest };
  throw new Problem("range-too-long", `The range is longer than ${MOST_DAYS} days, the most that is given at once.`);
}
