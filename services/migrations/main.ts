import { readEnv } from "../shared/config.ts";
import { createLogger, routeWarnings } from "../shared/logging.ts";
import { within } from "../shared/retry.ts";
import { migrate } from "./app.ts";
import { env } from "./env.ts";

const settings = readEnv("migrations", env);
const log = createLogger({ service: "migrations", level: settings.LOG_LEVEL });
routeWarnings(log);

try {
  const work = migrate({ databaseUrl: settings.DATABASE_URL, log });
  const ran = await within(settings.JOB_DEADLINE_SECONDS * 1000, "migrating", work);
  log.info({ ran }, ran.length > 0 ? "schema migrated" : "schema is up to date");
} catch (error) {
  log.fatal({ err: error }, "schema could not be migrated");
  // Not just an exit code: a migration that waits for a lock past the deadline would keep the process alive.
  process.exit(1);
}
