import type { Logger } from "../shared/logging.ts";
import type { Pool, PoolClient } from "../shared/postgres.ts";
import { pause } from "../shared/retry.ts";
import { inTransaction } from "../shared/transaction.ts";

/** How long a score is kept: the longest range that a chart shows. */
export const KEEP_DAYS = 90;
/** Days that have their partition before they begin; a weekend without a replica is no trouble. */
export const AHEAD_DAYS = 3;

/** Two replicas at once pass each other by. */
const LOCK = 0x5e48;
/** Dropping a partition waits for those who read, and all others wait behind it: not for long. */
const PATIENCE = "2s";
const EVERY_MS = 3_600_000;
const DAY_MS = 86_400_000;
const PREFIX = "sentiment_scores_";

export interface Upkeep {
  readonly created: readonly string[];
  readonly dropped: readonly string[];
  /** Rows of old days that had no partition. */
  readonly deleted: number;
}

const NOTHING: Upkeep = { created: [], dropped: [], deleted: 0 };

/**
 * Makes the partitions of yesterday, today and the days ahead, and drops those that are too old. With TimescaleDB, which
 * makes its own, it only drops. Two transactions, since together they would hold locks that a writer takes the other
 * way round.
 */
export async function keepPartitions(pool: Pool, now: Date): Promise<Upkeep> {
  const today = startOfDay(now);
  const made = await inTurn(pool, (client, native) => (native ? createAhead(client, today) : NOTHING));
  const gone = await inTurn(pool, (client, native) =>
    (native ? dropOld : dropChunks)(client, today - KEEP_DAYS * DAY_MS),
  );
  return { ...gone, created: made.created };
}

/** Does it now and every hour until the signal fires. A failure waits for the next hour: the default partition holds. */
export async function keepPartitioned(pool: Pool, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const done = await keepPartitions(pool, new Date());
      if (done.created.length + done.dropped.length + done.deleted > 0) log.info(done, "partitions kept");
    } catch (error) {
      log.warn({ err: error }, "partitions could not be kept");
    }
    await pause(EVERY_MS, signal);
  }
}

/** Nothing when another replica is at it. @param work is told whether the partitions are Postgres' own */
function inTurn(pool: Pool, work: (client: PoolClient, native: boolean) => Promise<Upkeep> | Upkeep): Promise<Upkeep> {
  return inTransaction(pool, async (client) => {
    await client.query(`set local lock_timeout = '${PATIENCE}'`);
    const { rows } = await client.query<{ ours: boolean; native: boolean }>(
      `select pg_try_advisory_xact_lock(${LOCK}, 0) as ours, relkind = 'p' as native
       from pg_class where oid = 'sentiment_scores'::regclass`,
    );
    return rows[0]?.ours ? work(client, rows[0].native) : NOTHING;
  });
}

async function createAhead(client: PoolClient, today: number): Promise<Upkeep> {
  const there = await partitions(client);
  const wanted = Array.from({ length: AHEAD_DAYS + 2 }, (_, i) => today + (i - 1) * DAY_MS);
  const missing = wanted.filter((day) => !there.includes(nameOf(day)));
  for (const day of missing) await create(client, day);
  return { ...NOTHING, created: missing.map(nameOf) };
}

async function dropOld(client: PoolClient, oldest: number): Promise<Upkeep> {
  const dropped = (await partitions(client)).filter((name) => name < nameOf(oldest));
  for (const name of dropped) await client.query(`drop table ${name}`);
  const { rowCount } = await client.query("delete from sentiment_scores_default where time < $1", [instant(oldest)]);
  return { ...NOTHING, dropped, deleted: rowCount ?? 0 };
}

/** @source docs.timescale.com, API, drop_chunks */
async function dropChunks(client: PoolClient, oldest: number): Promise<Upkeep> {
  const { rows } = await client.query<{ chunk: string }>(
    "select drop_chunks('sentiment_scores', $1::timestamptz) as chunk",
    [instant(oldest)],
  );
  return { ...NOTHING, dropped: rows.map(({ chunk }) => chunk) };
}

/** Names of the days that have one, in their order. */
async function partitions(client: PoolClient): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_inherits join pg_class on pg_class.oid = inhrelid
     where inhparent = 'sentiment_scores'::regclass and relname ~ '^${PREFIX}[0-9]{8}$' order by relname`,
  );
  return rows.map(({ name }) => name);
}

/** What of the day the default partition holds already moves: Postgres refuses a partition beside such rows. */
async function create(client: PoolClient, day: number): Promise<void> {
  const name = nameOf(day);
  const [from, to] = [instant(day), instant(day + DAY_MS)];
  // Held from here on: a row that came into the default partition after the move would be refused its place below.
  await client.query("lock table sentiment_scores_default in access exclusive mode");
  await client.query(`create table ${name} (like sentiment_scores including all)`);
  await client.query(
    `with moved as (delete from sentiment_scores_default where time >= $1 and time < $2 returning *)
     insert into ${name} select * from moved`,
    [from, to],
  );
  await client.query(`alter table sentiment_scores attach partition ${name} for values from ('${from}') to ('${to}')`);
}

const startOfDay = (now: Date): number => Math.floor(now.getTime() / DAY_MS) * DAY_MS;
const instant = (time: number): string => new Date(time).toISOString();
const nameOf = (day: number): string => PREFIX + instant(day).slice(0, 10).replaceAll("-", "");
