import type { Logger } from "./logging.ts";
import type { Pool } from "./postgres.ts";
import { pause } from "./retry.ts";

/** Rows of a table that nobody needs any more. SQL of ours, no input. */
export interface Chore {
  readonly table: string;
  /** Columns of its primary key. */
  readonly key: string;
  /** Which rows are over. */
  readonly over: string;
  /** By which an index finds the oldest. */
  readonly age: string;
}

/** Small enough that a delete never holds many locks, nor for long. */
const BATCH = 1_000;
const EVERY_MS = 3_600_000;

/** Deletes batch by batch until there is none. Several replicas at once pass each other by. @returns rows by table */
export async function tidy(
  pool: Pick<Pool, "query">,
  chores: readonly Chore[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, number>>> {
  const deleted: Record<string, number> = {};
  for (const { table, key, over, age } of chores) {
    deleted[table] = 0;
    for (let batch = BATCH; batch === BATCH && !signal.aborted; deleted[table] += batch) {
      const { rowCount } = await pool.query(
        `delete from ${table} where (${key}) in
           (select ${key} from ${table} where ${over} order by ${age} limit ${BATCH} for update skip locked)`,
      );
      batch = rowCount ?? 0;
    }
  }
  return deleted;
}

/** Tidies now and every hour until the signal fires. A failure waits for the next hour. */
export async function keepTidy(
  pool: Pick<Pool, "query">,
  chores: readonly Chore[],
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const deleted = await tidy(pool, chores, signal);
      if (Object.values(deleted).some((count) => count > 0)) log.info({ deleted }, "old rows deleted");
    } catch (error) {
      log.warn({ err: error }, "old rows could not be deleted");
    }
    await pause(EVERY_MS, signal);
  }
}
