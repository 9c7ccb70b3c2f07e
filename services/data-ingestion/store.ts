import type { Placed } from "../shared/batches.ts";
import type { Pool } from "../shared/postgres.ts";
import type { PriceMessage } from "../shared/topics/prices.ts";
import type { Trade } from "./coinbase.ts";

/** A trade and where the topic holds it. */
export type Row = Placed<PriceMessage>;

export interface Store {
  /** The id to publish next, for products of which any trade is stored. */
  nextIds(products: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /**
   * Stores a product's first trade before it is published. Otherwise a second owner, coming before the writer has
   * stored anything, would begin at a later trade and leave a hole.
   */
  anchor(first: Trade): Promise<void>;
  /** Stores trades; those that are stored already stay as they are. Committed when it resolves. */
  save(rows: readonly Row[]): Promise<void>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

// Without an offset a row is an anchor: stored, but perhaps never published.
const NEXT = `
  select wanted.product,
    (select trade_id from prices p where p.product = wanted.product and p.kafka_offset is not null
      order by trade_id desc limit 1) as last,
    (select trade_id from prices p where p.product = wanted.product order by trade_id limit 1) as first
  from unnest($1::text[]) as wanted (product)`;

const ANCHOR = `
  insert into prices (product, trade_id, price, size, side, time) values ($1, $2, $3, $4, $5, $6)
  on conflict do nothing`;

const SAVE = `
  insert into prices as stored (product, trade_id, price, size, side, time, kafka_partition, kafka_offset)
  select * from unnest($1::text[], $2::bigint[], $3::numeric[], $4::numeric[], $5::text[], $6::timestamptz[],
    $7::int[], $8::bigint[])
  on conflict (product, trade_id) do update
    set kafka_partition = excluded.kafka_partition, kafka_offset = excluded.kafka_offset
    where stored.kafka_offset is null`;

export function createStore(pool: Pick<Pool, "query">): Store {
  return {
    nextIds: async (products) => {
      const { rows } = await pool.query<{ product: string; last: string | null; first: string | null }>(NEXT, [
        products,
      ]);
      const next = new Map<string, number>();
      for (const { product, last, first } of rows) {
        if (last !== null) next.set(product, Number(last) + 1);
        else if (first !== null) next.set(product, Number(first));
      }
      return next;
    },
    anchor: async ({ product, tradeId, price, size, side, time }) => {
      await pool.query(ANCHOR, [product, tradeId, price, size, side, time]);
    },
    save: async (rows) => {
      const once = firstOfEach(rows);
      const column = (of: (row: Row) => string | number): (string | number)[] => once.map(of);
      await pool.query(SAVE, [
        column((row) => row.message.product),
        column((row) => row.message.tradeId),
        column((row) => row.message.price),
        column((row) => row.message.size),
        column((row) => row.message.side),
        column((row) => row.message.time),
        column((row) => row.partition),
        column((row) => row.offset),
      ]);
    },
    check: async () => {
      await pool.query("select 1 from prices, leases limit 0");
    },
  };
}

/** One statement may not touch a row twice, and the topic may hold a trade twice. */
function firstOfEach(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.message.product}:${row.message.tradeId}`;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}
