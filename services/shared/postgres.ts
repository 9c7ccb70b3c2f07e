import pg from "pg";

import { errorCode, type Logger, messageOf } from "./logging.ts";
import { pause } from "./retry.ts";

export type { Pool, PoolClient } from "pg";

export interface PoolOptions {
  readonly connectionString: string;
  readonly log: Logger;
  /** Shown by Postgres in pg_stat_activity. */
  readonly name: string;
  readonly max?: number;
  /** The most milliseconds to get a connection, whether a new one or one from the pool. */
  readonly connectTimeout?: number;
  /** The most milliseconds a statement may run; the server ends it. */
  readonly statementTimeout?: number;
}

/** A client-side bound above the server's: for a server that no longer answers at all. */
const READ_MARGIN_MS = 1_000;

/** A pool whose every wait is bounded, and that outlives its server: an idle connection that dies is only logged. */
export function createPool(options: PoolOptions): pg.Pool {
  const { connectionString, log, name, max = 10, connectTimeout = 2_000, statementTimeout = 2_000 } = options;
  const pool = new pg.Pool({
    connectionString,
    max,
    application_name: name,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    connectionTimeoutMillis: connectTimeout,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeout,
    query_timeout: statementTimeout + READ_MARGIN_MS,
    idle_in_transaction_session_timeout: 10_000,
  });
  pool.on("error", (error) => log.warn({ err: error }, "an idle Postgres connection was lost"));
  return pool;
}

/** SQLSTATE classes and codes that say "not now": connection, resources, operator, and a schema not yet migrated. */
const AWAY_CLASSES = ["08", "53", "57", "28"];
const AWAY_CODES = new Set(["3D000", "42P01", "25006"]);
const SYSTEM_CODES = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ECONNABORTED",
]);
/** What pg and pg-pool throw without a code. */
const AWAY_MESSAGES =
  /connection terminated|timeout exceeded when trying to connect|timeout expired|query read timeout|connection error|not queryable|pool after calling end/i;

/** Whether the error says that Postgres can't serve now (away, starting, full, refusing us), as against a bad query. */
export function isAway(error: unknown): boolean {
  const code = errorCode(error);
  if (code !== undefined && (SYSTEM_CODES.has(code) || AWAY_CODES.has(code))) return true;
  if (code?.length === 5 && AWAY_CLASSES.includes(code.slice(0, 2))) return true;
  return AWAY_MESSAGES.test(messageOf(error));
}

/** Whether the values are at fault (SQLSTATE classes 22 data exception and 23 integrity): trying again won't help. */
export function isBadData(error: unknown): boolean {
  const code = errorCode(error);
  return code?.length === 5 && (code.startsWith("22") || code.startsWith("23"));
}

/** Lost under way, as against never reached: worth another try at once, on another connection of the pool. */
function wasCut(error: unknown): boolean {
  const code = errorCode(error);
  return (
    code === "ECONNRESET" || code === "EPIPE" || code === "57P01" || /connection terminated/i.test(messageOf(error))
  );
}

/** A failover cuts all connections of the pool, and the pool needs a moment to notice each. */
const TRIES_WHEN_CUT = 4;
const NOTICE_MS = 20;

/**
 * Runs work that may safely run twice, again when its connection was cut: after a failover the pool is full of dead
 * connections, and finding that out should not cost a request.
 */
export async function againWhenCut<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (!wasCut(error) || tries >= TRIES_WHEN_CUT) throw error;
      await pause(NOTICE_MS);
    }
  }
}
