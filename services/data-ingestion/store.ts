import type { Placed } from "../shared/batches.ts";
import type { Pool } from "../shared/postgres.ts";
import type { ExchangeName, PriceMessage } from "../shared/topics/prices.ts";
import type { Trade } from "./exchanges/index.ts";

/** A trade and where the topic holds it. */
export type Row = Placed<PriceMessage>;

/** How far one exchange's trades of one product are stored. */
export interface Line {
  /** Whether the product is known by this exchange. */
  readonly reference: boolean;
  /** The id to publish next; undefined where nothing is stored. */
  readonly next: number | undefined;
  /** Time of the trade before it, or of it. */
  readonly since: string | undefined;
}

export interface Store {
  /** One line a product, with claims made first: a product is known by who claimed it first, and for good. */
  lines(
    exchange: ExchangeName,
    products: readonly string[],
    claims: readonly string[],
  ): Promise<ReadonlyMap<string, Line>>;
  /**
   * Stores a product's first trade before it is published. Otherwise a second owner, coming before the writer has
   * stored anything, would begin at a later trade and leave a hole.
   */
  anchor(exchange: ExchangeName, reference: boolean, first: Trade): Promise<void>;
  /** Stores trades; those that are stored already stay as they are. Committed when it resolves. */
  save(rows: readonly Row[]): Promise<void>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const CLAIM = `
  insert into product_exchanges (product, exchange) select unnest($1::text[]), $2 on conflict (product) do nothing`;

const REFERENCES = `select product from product_exchanges where product = any($1) and exchange = $2`;

const COLUMNS = "product, trade_id, price, size, side, time";

/** The two tables differ in their name, and in whether a row names its exchange. */
const TABLES = {
  reference: statements("prices", "", "", "product, trade_id"),
  others: statements("exchange_prices", ", exchange", "and p.exchange = $2", "product, exchange, trade_id"),
} as const;

function statements(table: string, exchange: string, ofExchange: string, key: string) {
  return {
    // Without an offset a row is an anchor: stored, but perhaps never published.
    next: `
      select wanted.product, last.trade_id as last, first.trade_id as first, coalesce(last.time, first.time) as since
      from unnest($1::text[]) as wanted (product)
      left join lateral (select trade_id, time from ${table} p
        where p.product = wanted.product ${ofExchange} and p.kafka_offset is not null
        order by trade_id desc limit 1) as last on true
      left join lateral (select trade_id, time from ${table} p
        where p.product = wanted.product ${ofExchange} order by trade_id limit 1) as first on true`,
    anchor: `
      insert into ${table} (${COLUMNS}${exchange}) values ($1, $2, $3, $4, $5, $6${exchange && ", $7"})
      on conflict do nothing`,
    save: `
      insert into ${table} as stored (${COLUMNS}, kafka_partition, kafka_offset${exchange})
      select * from unnest($1::text[], $2::bigint[], $3::numeric[], $4::numeric[], $5::text[], $6::timestamptz[],
        $7::int[], $8::bigint[]${exchange && ", $9::text[]"})
      on conflict (${key}) do update
        set kafka_partition = excluded.kafka_partition, kafka_offset = excluded.kafka_offset
        where stored.kafka_offset is null`,
  };
}

interface LineRow {
  product: string;
  last: string | null;
  first: string | null;
  since: Date | null;
}

export function createStore(pool: Pick<Pool, "query">): Store {
  const save = async (rows: readonly Row[], reference: boolean): Promise<void> => {
    const once = firstOfEach(rows.filter(({ message }) => message.reference === reference));
    if (once.length === 0) return;
    const column = (of: (row: Row) => string | number): (string | number)[] => once.map(of);
    await pool.query(reference ? TABLES.reference.save : TABLES.others.save, [
      column((row) => row.message.product),
      column((row) => row.message.tradeId),
      column((row) => row.message.price),
      column((row) => row.message.size),
      column((row) => row.message.side),
      column((row) => row.message.time),
      column((row) => row.partition),
      column((row) => row.offset),
      ...(reference ? [] : [column((row) => row.message.exchange)]),
    ]);
  };
  return {
    lines: async (exchange, products, claims) => {
      if (claims.length > 0) await pool.query(CLAIM, [claims, exchange]);
      const { rows: known } = await pool.query<{ product: string }>(REFERENCES, [products, exchange]);
      const references = new Set(known.map(({ product }) => product));
      const others = products.filter((product) => !references.has(product));
      const { rows } = await pool.query<LineRow>(TABLES.reference.next, [[...references]]);
      const { rows: rest } = await pool.query<LineRow>(TABLES.others.next, [others, exchange]);
      return new Map([
        ...rows.map((row) => [row.product, lineOf(row, true)] as const),
        ...rest.map((row) => [row.product, lineOf(row, false)] as const),
      ]);
    },
    anchor: async (exchange, reference, { product, tradeId, price, size, side, time }) => {
      const values = [product, tradeId, price, size, side, time];
      if (reference) await pool.query(TABLES.reference.anchor, values);
      else await pool.query(TABLES.others.anchor, [...values, exchange]);
    },
    save: async (rows) => {
      await save(rows, true);
      await save(rows, false);
    },
    check: async () => {
      await pool.query("select 1 from prices, exchange_prices, product_exchanges, leases limit 0");
    },
  };
}

function lineOf({ last, first, since }: LineRow, reference: boolean): Line {
  const next = last === null ? first : String(Number(last) + 1);
  return { reference, next: next === null ? undefined : Number(next), since: since?.toISOString() };
}

/** One statement may not touch a row twice, and the topic may hold a trade twice. */
function firstOfEach(rows: readonly Row[]): Row[] {
  const seen = new Map<string, Row>();
  for (const row of rows) {
    const key = `${row.message.exchange}:${row.message.product}:${row.message.tradeId}`;
    if (!seen.has(key)) seen.set(key, row);
  }
  return [...seen.values()];
}
