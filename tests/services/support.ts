import { randomBytes } from "node:crypto";
import { Writable } from "node:stream";

import type { Context } from "mocha";
import pg from "pg";

import { createKafka, type Kafka } from "../../services/shared/kafka.ts";
import { createLogger, type Logger } from "../../services/shared/logging.ts";
import { migrate } from "../../services/migrations/app.ts";

/** A log that goes nowhere. */
export const quiet: Logger = createLogger({ service: "test", level: "silent" });

/** A log whose lines can be looked at. */
export function collectingLog(level = "debug"): { log: Logger; lines: Record<string, unknown>[] } {
  const lines: Record<string, unknown>[] = [];
  const to = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      lines.push(JSON.parse(chunk.toString()) as Record<string, unknown>);
      done();
    },
  });
  return { log: createLogger({ service: "test", level, to }), lines };
}

/** The variable's value, or the suite is skipped and says why. Call it in a hook: a root hook may set the variable. */
export function needs(context: Context, name: "DATABASE_URL" | "REDIS_URL" | "KAFKA_BROKERS"): string {
  const value = process.env[name];
  if (value) return value;
  console.warn(`      skipped: ${name} is not set`);
  return context.skip();
}

export const unique = (prefix: string): string => `${prefix}_${randomBytes(5).toString("hex")}`;

export interface Database {
  /** Finds its tables in a schema of its own. */
  readonly url: string;
  readonly pool: pg.Pool;
  drop(): Promise<void>;
}

/** A migrated schema that no other test sees. */
export async function freshDatabase(base: string): Promise<Database> {
  const schema = unique("test");
  await migrate({ databaseUrl: base, log: quiet, schema });
  const url = new URL(base);
  url.searchParams.set("options", `-c search_path=${schema}`);
  const pool = new pg.Pool({ connectionString: url.href, max: 8 });
  return {
    url: url.href,
    pool,
    drop: async () => {
      await pool.query(`drop schema ${schema} cascade`);
      await pool.end();
    },
  };
}

export function kafkaAt(brokers: string): Kafka {
  return createKafka({ brokers: brokers.split(","), security: "plaintext", clientId: "test", log: quiet });
}

/** Topics of this test alone. */
export async function createTopics(kafka: Kafka, ...topics: { topic: string; numPartitions: number }[]): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  try {
    await admin.createTopics({ topics, waitForLeaders: true });
  } finally {
    await admin.disconnect();
  }
}

/** Waits until the condition holds; the suite's own timeout bounds it. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}
