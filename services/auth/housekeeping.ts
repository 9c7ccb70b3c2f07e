import type { Logger } from "../shared/logging.ts";
import type { Pool } from "../shared/postgres.ts";
import { pause } from "../shared/retry.ts";

/** Rows of a table that nobody needs any more. What is told of a person is kept no longer than it serves. */
interface Chore {
  readonly table: "sessions" | "sign_in_failures" | "auth_events";
  readonly key: string;
  readonly over: string;
}

const CHORES: readonly Chore[] = [
  { table: "sessions", key: "id", over: "expires_at < now() - interval '1 day'" },
  { table: "sign_in_failures", key: "subject", over: "last_at < now() - interval '1 day'" },
  { table: "auth_events", key: "id", over: "at < now() - interval '180 days'" },
];

/** Small enough that a delete never holds many locks, nor for long. */
const BATCH = 1_000;
const EVERY_MS = 3_600_000;

/** Deletes one batch a table until there is none. Several replicas at once pass each other by. @returns rows deleted */
export async function tidy(pool: Pick<Pool, "query">, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  for (const { table, key, over } of CHORES) {
    for (let batch = BATCH; batch === BATCH && !signal.aborted; deleted += batch) {
      const result = await pool.query(
        `delete from ${table} where ${key} in
           (select ${key} from ${table} where ${over} limit ${BATCH} for update skip locked)`,
      );
      batch = result.rowCount ?? 0;
    }
  }
  return deleted;
}

/** Tidies now and every hour until the signal fires. A failure waits for the next hour. */
export async function keepTidy(pool: Pick<Pool, "query">, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const deleted = await tidy(pool, signal);
      if (deleted > 0) log.info({ deleted }, "old rows deleted");
    } catch (error) {
      log.warn({ err: error }, "old rows could not be deleted");
    }
    await pause(EVERY_MS, signal);
  }
}
