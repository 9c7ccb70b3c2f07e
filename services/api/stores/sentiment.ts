import type { Range } from "../intervals.ts";
import type { Query } from "./database.ts";

/** How posts of a while feel about a symbol, from -1 to 1. */
export interface Mood {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly posts: number;
}

export interface MoodAt extends Mood {
  readonly time: string;
}

export interface MoodOf extends Mood {
  readonly symbol: string;
  /** Of the newest post. */
  readonly time: string;
}

export interface SentimentStore {
  /** Rising; an interval without a post has none. */
  bySymbol(symbol: string, range: Range): Promise<readonly MoodAt[]>;
  /** The symbols' last hour up to `now`; those without a post are left out. */
  lastHour(symbols: readonly string[], now: Date): Promise<readonly MoodOf[]>;
}

// Means of decimals, not of floats: those depend on the order in which they are added.
const MOOD = `round(avg(score::numeric), 6) as mean, min(score) as low, max(score) as high, count(*) as posts`;

const BY_SYMBOL = `
  select date_bin(make_interval(secs => $2), time, timestamptz 'epoch') as time, ${MOOD}
  from sentiment_scores where symbol = $1 and time >= $3 and time < $4 group by 1 order by 1`;

// By the key of each symbol, where one condition on the time alone would read the whole day.
const LAST_HOUR = `
  select wanted.symbol, hour.* from unnest($1::text[]) as wanted (symbol)
  cross join lateral (
    select max(time) as time, ${MOOD} from sentiment_scores s
    where s.symbol = wanted.symbol and s.time > $2::timestamptz - interval '1 hour' and s.time <= $2
  ) hour
  where hour.posts > 0 order by hour.posts desc, wanted.symbol`;

interface MoodRow {
  mean: string;
  low: number;
  high: number;
  posts: string;
  time: Date;
}

export function createSentimentStore(query: Query): SentimentStore {
  return {
    bySymbol: async (symbol, { seconds, from, to }) =>
      (await query<MoodRow>(BY_SYMBOL, [symbol, seconds, from, to])).map(toMood),
    lastHour: async (symbols, now) => {
      const rows = await query<MoodRow & { symbol: string }>(LAST_HOUR, [symbols, now]);
      return rows.map((row) => ({ symbol: row.symbol, ...toMood(row) }));
    },
  };
}

function toMood({ time, mean, low, high, posts }: MoodRow): MoodAt {
  return { time: time.toISOString(), mean: Number(mean), low, high, posts: Number(posts) };
}
