import { fileURLToPath } from "node:url";

import { runner } from "node-pg-migrate";

import type { Logger } from "../shared/logging.ts";
import { isAway } from "../shared/postgres.ts";
import { backoffDelay, pause } from "../shared/retry.ts";

export interface MigrateOptions {
  readonly databaseUrl: string;
  readonly log: Logger;
  /** How often to try to reach Postgres before giving up. */
  readonly attempts?: number;
  /** Schema for the tables and for the record of what ran; created when it isn't there. */
  readonly schema?: string;
}

const ATTEMPTS = 8;
const BACKOFF = { first: 250, most: 5_000 };

/**
 * Brings the schema up to date, in one transaction. Two that start at once take turns by the tool's lock, and the
 * second finds nothing to do.
 *
 * @returns the names of the migrations that ran
 * @throws what Postgres said, after `attempts` when it can't be reached and at once when a migration is wrong
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const { log, attempts = ATTEMPTS } = options;
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await migrateOnce(options);
    } catch (error) {
      if (!isAway(error) || attempt >= attempts) throw error;
      log.warn({ err: error, attempt, attempts }, "Postgres can't be reached yet");
      await pause(backoffDelay(attempt - 1, BACKOFF));
    }
  }
}

async function migrateOnce({ databaseUrl, log, schema = "public" }: MigrateOptions): Promise<readonly string[]> {
  const ran = await runner({
    databaseUrl: { connectionString: databaseUrl, connectionTimeoutMillis: 5_000, application_name: "migrations" },
    dir: fileURLToPath(new URL("migrations", import.meta.url)),
    migrationsTable: "migrations",
    direction: "up",
    singleTransaction: true,
    advisoryLockMode: "wait",
    schema,
    createSchema: schema !== "public",
    verbose: false,
    logger: {
      info: (message) => log.debug(message),
      warn: (message) => log.warn(message),
      // What it tells here it throws as well, and here with every property of the driver's error.
      error: () => undefined,
    },
  });
  return ran.map(({ name }) => name);
}
