import { againWhenCut, type Pool } from "../../shared/postgres.ts";
import { inTransaction } from "../../shared/transaction.ts";

export type Query = <R extends object>(text: string, values?: readonly unknown[]) => Promise<R[]>;

/** Postgres as the stores use it. Everything is tried again when its connection was cut, so it must bear running twice. */
export interface Database {
  readonly query: Query;
  /** Does the work in one transaction, after all others of the same name: what it counts stays true until it commits. */
  inTurn<T>(name: string, work: (query: Query) => Promise<T>): Promise<T>;
}

const TURN = `select pg_advisory_xact_lock(hashtextextended($1, 0))`;

export function createDatabase(pool: Pick<Pool, "query" | "connect">): Database {
  return {
    query: async <R extends object>(text: string, values: readonly unknown[] = []) =>
      (await againWhenCut(() => pool.query<R>(text, [...values]))).rows,
    inTurn: (name, work) =>
      againWhenCut(() =>
        inTransaction(pool, async (client) => {
          await client.query(TURN, [name]);
          return await work(
            async <R extends object>(text: string, values: readonly unknown[] = []) =>
              (await client.query<R>(text, [...values])).rows,
          );
        }),
      ),
  };
}
