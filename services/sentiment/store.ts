import type { Pool, PoolClient } from "../shared/postgres.ts";
import type { CleanPost } from "../shared/topics/posts.ts";
import { inTransaction } from "../shared/transaction.ts";
import type { Opinion } from "./model.ts";

/** A post's say on one symbol, scored. */
export interface Scored {
  readonly post: CleanPost;
  readonly opinion: Opinion;
}

/** What a row says: the score that counts, and the hour as it stood when the post was stored. */
interface Standing {
  readonly opinion: Opinion;
  readonly hour: { readonly mean: number; readonly posts: number };
  /** 0 is the first score, 1 the model's late one. */
  readonly revision: number;
}

export type Stored = Scored & Standing;

/** Names a row. `time` is when the post was written. */
export interface Key {
  readonly post: string;
  readonly symbol: string;
  readonly time: string;
}

/** A row by itself. */
export interface Kept extends Standing {
  readonly key: Key;
  readonly source: CleanPost["source"];
  readonly receivedAt: string;
}

export interface Store {
  /**
   * Stores what is not stored yet, one after another in the given order, each with the hour up to it. Committed when it
   * resolves.
   *
   * @returns one for each that was given, as it is in the table: the same however often it is asked for
   */
  save(scored: readonly Scored[]): Promise<readonly Stored[]>;
  /**
   * Puts a late opinion in the place of the first one; a second late one changes nothing. Hours that later posts were
   * stored with stay as they were.
   *
   * @returns the row as it is then; undefined when there is none (any more)
   */
  revise(key: Key, opinion: Opinion): Promise<Kept | undefined>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

/** Of a score, as a whole number. */
const DIGITS = 10_000;
/** Without its first moment, by the microseconds that Postgres counts in. */
const HOUR = "interval '59 minutes 59.999999 seconds'";

/** Of the advisory locks in this database, those of one symbol's scores each. */
const LOCKS = 0x5e47;
/**
 * The one that a partition was taken from may still be storing. Whoever comes second waits here for the first one's
 * commit; the statements after this one see it.
 */
const LOCK = `select pg_advisory_xact_lock(${LOCKS}, hashtext(symbol)) from unnest($1::text[]) as symbol`;

/**
 * An hour is what is stored of it and what was given of it before. Of what is stored, the parts of the table that any
 * hour covers are walked once, with a running sum (of whole ten-thousandths, which it can subtract exactly): the cost
 * is that of the hours, not of hours times posts. A post that is given twice counts once.
 */
const INSERT = `
  with given as (
    select distinct on (symbol, post, time) *
    from unnest($1::text[], $2::text[], $3::timestamptz[], $4::text[], $5::real[], $6::real[], $7::text[],
      $8::timestamptz[]) with ordinality
      as given (symbol, post, time, source, score, confidence, model, received_at, place)
    order by symbol, post, time, place
  ), fresh as (
    select *, (score * ${DIGITS})::int as points from given where not exists (
      select from sentiment_scores old
      where old.symbol = given.symbol and old.time = given.time and old.post = given.post)
  ), spans as (
    select symbol, unnest(range_agg(tstzrange(time - interval '1 hour', time, '(]'))) as span
    from fresh group by symbol
  ), line as (
    select symbol, old.time, null::bigint as place, old.points
    from spans, lateral (
      select time, (score * ${DIGITS})::int as points from sentiment_scores scores
      where scores.symbol = spans.symbol and time > lower(span) and time <= upper(span)
      -- In order, and so by the index, span by span: a join as Postgres would have it walks the whole table.
      order by time
    ) as old
    union all
    select symbol, time, place, null from fresh
  ), before as (
    select place, sum(points) over hour as points, count(points) over hour as posts
    from line
    window hour as (partition by symbol order by time range between ${HOUR} preceding and current row)
  )
  insert into sentiment_scores
    (symbol, post, time, source, score, confidence, model, received_at, hour_mean, hour_posts)
  select symbol, post, time, source, score, confidence, model, received_at,
    round((coalesce(before.points, 0) + beside.points)::numeric / (before.posts + beside.posts) / ${DIGITS}, 4)::real,
    before.posts + beside.posts
  from fresh join before using (place), lateral (
    select sum(other.points) as points, count(*) as posts from fresh other
    where other.symbol = fresh.symbol and other.place <= fresh.place
      and other.time > fresh.time - interval '1 hour' and other.time <= fresh.time
  ) as beside
  on conflict do nothing`;

const REVISE = `
  update sentiment_scores set score = $4, confidence = $5, model = $6, revision = 1,
    hour_mean = greatest(-1, least(1, round((hour_mean + ($4::real - score) / hour_posts)::numeric, 4)))::real
  where symbol = $1 and post = $2 and time = $3 and revision = 0`;

const READ_ONE = `
  select score, confidence, model, hour_mean, hour_posts, revision, source, received_at
  from sentiment_scores where symbol = $1 and post = $2 and time = $3`;

const READ = `
  select score, confidence, model, hour_mean, hour_posts, revision
  from unnest($1::text[], $2::text[], $3::timestamptz[]) with ordinality as wanted (symbol, post, time, place)
  join sentiment_scores using (symbol, post, time)
  order by place`;

interface Row {
  readonly score: number;
  readonly confidence: number;
  readonly model: string;
  readonly hour_mean: number;
  readonly hour_posts: number;
  readonly revision: number;
}

interface WholeRow extends Row {
  readonly source: CleanPost["source"];
  readonly received_at: Date;
}

export function createStore(pool: Pool): Store {
  return {
    save: (scored) => inTransaction(pool, (client) => saveIn(client, scored)),
    revise: async (key, { score, confidence, model }) => {
      const named = [key.symbol, key.post, key.time];
      await pool.query(REVISE, [...named, score, confidence, model]);
      const { rows } = await pool.query<WholeRow>(READ_ONE, named);
      return (
        rows[0] && { ...standing(rows[0]), key, source: rows[0].source, receivedAt: rows[0].received_at.toISOString() }
      );
    },
    check: async () => {
      await pool.query("select revision from sentiment_scores limit 0");
    },
  };
}

async function saveIn(client: PoolClient, scored: readonly Scored[]): Promise<Stored[]> {
  const symbols = [...new Set(scored.map(({ post }) => post.symbol))].sort();
  await client.query(LOCK, [symbols]);
  const column = (of: (one: Scored) => string | number): (string | number)[] => scored.map(of);
  await client.query(INSERT, [
    column(({ post }) => post.symbol),
    column(({ post }) => post.id),
    column(({ post }) => post.createdAt),
    column(({ post }) => post.source),
    column(({ opinion }) => opinion.score),
    column(({ opinion }) => opinion.confidence),
    column(({ opinion }) => opinion.model),
    column(({ post }) => post.receivedAt),
  ]);
  const { rows } = await client.query<Row>(READ, [
    scored.map(({ post }) => post.symbol),
    scored.map(({ post }) => post.id),
    scored.map(({ post }) => post.createdAt),
  ]);
  if (rows.length !== scored.length) throw new Error(`${rows.length} rows of ${scored.length} are stored`);
  return scored.flatMap(({ post }, i) => {
    const row = rows[i];
    return row ? { post, ...standing(row) } : [];
  });
}

function standing({ score, confidence, model, hour_mean: mean, hour_posts: posts, revision }: Row): Standing {
  return { opinion: { score, confidence, model }, hour: { mean, posts }, revision };
}
