/** Postgres as the test asks it: again and again while it is away, for it is killed in between. */
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";

export interface Database {
  /** What is asked may run twice. @throws Error for a statement that is wrong */
  rows<R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<readonly R[]>;
  close(): Promise<void>;
}

const PAUSE_MILLISECONDS = 100;
/** Of errors of the server's about the statement, the code has five characters; classes 57 and 53 are about itself. */
const isOurFault = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && !/^(57|53|08)/.test(error.code ?? "57");

export function openDatabase(connectionString: string): Database {
  const pool = new pg.Pool({ connectionString, max: 4, connectionTimeoutMillis: 2_000 });
  pool.on("error", () => undefined); // the next query finds out
  return {
    rows: async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) => {
      for (;;) {
        try {
          return (await pool.query<R>(text, [...values])).rows;
        } catch (error) {
          if (isOurFault(error)) throw error;
          await sleep(PAUSE_MILLISECONDS);
        }
      }
    },
    close: () => pool.end(),
  };
}
