/** Ranges of time that are cut into intervals: what a chart asks for. */
import { z } from "zod";

import { Problem } from "../shared/problem.ts";

/** Seconds. All begin at multiples of themselves since 1970 in UTC. */
const SECONDS = { "1m": 60, "5m": 300, "15m": 900, "1h": 3_600, "4h": 14_400, "1d": 86_400 } as const;

export type Interval = keyof typeof SECONDS;

export const interval = z.enum(["1m", "5m", "15m", "1h", "4h", "1d"], "must be 1m, 5m, 15m, 1h, 4h or 1d");

/** More than a screen has columns for. */
export const MOST_INTERVALS = 1_500;
const DEFAULT_INTERVALS = 300;

/** Years that Postgres and ISO 8601 both write in four digits, and prices may be of. */
const [EARLIEST, LATEST] = [Date.parse("1970-01-01T00:00:00Z"), Date.parse("2100-01-01T00:00:00Z")];

const instant = z.iso.datetime({ error: "must be ISO 8601 in UTC, like 2026-11-25T00:00:00Z", abort: true }).refine(
  (text) => {
    const at = Date.parse(text);
    return at >= EARLIEST && at <= LATEST;
  },
  { error: "must lie between 1970 and 2100" },
);

export const rangeQuery = z.strictObject({
  interval: interval.default("1h").describe("Length of each; `1h` when it is left out."),
  from: instant
    .optional()
    .describe(`The first interval is the one that holds it; ${DEFAULT_INTERVALS} intervals before \`to\` by default.`),
  to: instant.optional().describe("The last interval is the one before it, or that holds it; now by default."),
});

/** Whole intervals: `from` is the beginning of the first, `to` the end of the last. */
export interface Range {
  readonly interval: Interval;
  readonly seconds: number;
  readonly from: Date;
  readonly to: Date;
}

/** @throws Problem 400 for a range that is empty, 422 for one of more than {@link MOST_INTERVALS} */
export function rangeOf(query: z.infer<typeof rangeQuery>, now: number): Range {
  const seconds = SECONDS[query.interval];
  const length = seconds * 1000;
  const to = Math.ceil((query.to === undefined ? now : Date.parse(query.to)) / length) * length;
  const from =
    query.from === undefined
      ? Math.max(0, to - DEFAULT_INTERVALS * length)
      : Math.floor(Date.parse(query.from) / length) * length;
  if (from >= to) {
    const errors = [{ path: "from", detail: "must be before `to`" }];
    throw new Problem("invalid-parameters", "One field is not valid.", { errors });
  }
  const count = (to - from) / length;
  if (count > MOST_INTERVALS) {
    throw new Problem(
      "range-too-long",
      `The range holds ${count} intervals of ${query.interval}; at most ${MOST_INTERVALS} are given at once.`,
    );
  }
  return { interval: query.interval, seconds, from: new Date(from), to: new Date(to) };
}

/** Part of a key in the cache: the same for all who ask for the same intervals. */
export const rangeKey = ({ interval, from, to }: Range): string =>
  `${interval}:${from.getTime() / 1000}:${to.getTime() / 1000}`;

/** How long an answer is as good as a new one. What has ended changes only by what arrives late. */
export function freshness({ to }: Range, now: number): { readonly ttlMilliseconds: number; readonly header: string } {
  const seconds = to.getTime() <= now - LATE_MS ? 60 : 1;
  return { ttlMilliseconds: seconds * 1000, header: `public, max-age=${seconds}` };
}

const LATE_MS = 60_000;
