import type { Pool } from "../shared/postgres.ts";
import { levelOf } from "./decimal.ts";
import type { Point } from "./history.ts";

export interface Past {
  /**
   * What stood at each second from `fromSecond` on, of trades before `tradeId`.
   *
   * @returns also the newest stored trade before it; null when none is
   */
  before(
    product: string,
    tradeId: number,
    fromSecond: number,
  ): Promise<{ readonly points: readonly Point[]; readonly newest: number | null }>;
}

// Of each second only the last trade counts. Milliseconds, as the history itself has them; and the one that stood when
// the window began.
const POINTS = `
  select distinct on (second) trade_id, price::text, second from (
    select trade_id, price, ceil(trunc(extract(epoch from time) * 1000) / 1000)::bigint as second
    from prices where product = $1 and trade_id < $2 and time > to_timestamp($3)
    union all (
      select trade_id, price, ceil(trunc(extract(epoch from time) * 1000) / 1000)::bigint
      from prices where product = $1 and trade_id < $2 and time <= to_timestamp($3) and time > to_timestamp($3) - $4::interval
      order by trade_id desc limit 1
    )
  ) as past order by second, trade_id desc`;

const NEWEST = `select max(trade_id) as newest from prices where product = $1 and trade_id < $2`;

/** A market in which nothing happened for longer has no price to compare with. */
const STALE = "7 days";

export function createPast(pool: Pick<Pool, "query">): Past {
  return {
    before: async (product, tradeId, fromSecond) => {
      const { rows: newest } = await pool.query<{ newest: string | null }>(NEWEST, [product, tradeId]);
      const { rows } = await pool.query<{ trade_id: string; price: string; second: string }>(POINTS, [
        product,
        tradeId,
        fromSecond,
        STALE,
      ]);
      const last = newest[0]?.newest ?? null;
      return {
        points: rows.map((row) => ({
          tradeId: Number(row.trade_id),
          at: Number(row.second) * 1000,
          level: levelOf(row.price),
        })),
        newest: last === null ? null : Number(last),
      };
    },
  };
}
