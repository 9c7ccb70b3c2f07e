/**
 * Makes failed deliveries due again, for when what they failed by is mended:
 *
 *   node services/notification/replay.ts --since 2026-11-24T07:00:00Z [--channel email|webhook|push]
 *
 * They are sent by the service, under the ids that they have; a price alert that is old by now is suppressed.
 */
import { parseArgs } from "node:util";

import { z } from "zod";

import { EXIT_BAD_ENV, postgres, readEnv } from "../shared/config.ts";
import { createLogger } from "../shared/logging.ts";
import { createPool } from "../shared/postgres.ts";
import { createStore } from "./store.ts";

const USE = "use: node services/notification/replay.ts --since <ISO 8601 time> [--channel email|webhook|push]";

const argumentsOf = z.object({
  since: z.iso.datetime({ offset: true }),
  channel: z.enum(["email", "webhook", "push"]).optional(),
});

function given(): z.infer<typeof argumentsOf> {
  try {
    const { values } = parseArgs({ options: { since: { type: "string" }, channel: { type: "string" } } });
    return argumentsOf.parse(values);
  } catch {
    console.error(USE);
    process.exit(EXIT_BAD_ENV);
  }
}

const { since, channel } = given();
const { DATABASE_URL } = readEnv("notification-replay", z.object(postgres));
const log = createLogger({ service: "notification-replay", level: "info" });
const pool = createPool({ connectionString: DATABASE_URL, log, name: "notification-replay", statementTimeout: 60_000 });
try {
  const deliveries = await createStore(pool).replay(new Date(since), channel);
  log.info({ deliveries, since, channel }, "failed deliveries are due again");
} catch (error) {
  log.fatal({ err: error }, "failed deliveries could not be made due");
  process.exitCode = 1;
} finally {
  await pool.end();
}
