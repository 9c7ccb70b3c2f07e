import type { Logger } from "../shared/logging.ts";
import type { Pool } from "../shared/postgres.ts";
import { pause } from "../shared/retry.ts";

/** Longer than the topic keeps messages: what is gone from there can not come again. */
const OLD = "8 days";
const BATCH = 5_000;
const EVERY_MS = 3_600_000;

/** Deletes the numbers of posts that nobody needs any more, a batch at a time. @returns rows deleted */
export async function tidy(pool: Pick<Pool, "query">, signal: AbortSignal): Promise<number> {
  let deleted = 0;
  for (let batch = BATCH; batch === BATCH && !signal.aborted; deleted += batch) {
    const { rowCount } = await pool.query(
      `delete from alert_posts where (symbol, post) in (
         select symbol, post from alert_posts where seen_at < now() - $1::interval limit ${BATCH} for update skip locked)`,
      [OLD],
    );
    batch = rowCount ?? 0;
  }
  return deleted;
}

/** Tidies now and every hour until the signal fires. A failure waits for the next hour. */
export async function keepTidy(pool: Pick<Pool, "query">, log: Logger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const deleted = await tidy(pool, signal);
      if (deleted > 0) log.info({ deleted }, "old numbers of posts deleted");
    } catch (error) {
      log.warn({ err: error }, "old numbers of posts could not be deleted");
    }
    await pause(EVERY_MS, signal);
  }
}
