import { randomUUID } from "node:crypto";

import { againWhenCut, type Pool } from "../shared/postgres.ts";

/** One trade as the API shows it. Decimals are text; `time` is ISO 8601. */
export interface Price {
  readonly product: string;
  readonly tradeId: number;
  readonly price: string;
  readonly size: string;
  readonly side: string;
  readonly time: string;
}

export interface NewWatchlist {
  readonly name: string;
  readonly products: readonly string[];
}

export interface Watchlist extends NewWatchlist {
  readonly id: string;
  readonly createdAt: string;
}

export type Creation =
  | { readonly outcome: "created" | "repeated"; readonly watchlist: Watchlist }
  /** The key was used before, with another body. */
  | { readonly outcome: "conflict" };

export interface Store {
  latestPrices(): Promise<readonly Price[]>;
  /** Newest first; only trades older than `before`, when that is given. */
  prices(product: string, limit: number, before: number | undefined): Promise<readonly Price[]>;
  /** Committed when it resolves. */
  createWatchlist(idempotencyKey: string, wanted: NewWatchlist): Promise<Creation>;
  watchlist(id: string): Promise<Watchlist | undefined>;
  /** @returns whether there was one */
  deleteWatchlist(id: string): Promise<boolean>;
  /** Throws when Postgres is away or the schema isn't there yet. */
  check(): Promise<void>;
}

const PRICE = `product, trade_id, price::text, size::text, side, time`;

// One index look-up per product, where "distinct on" would read every trade.
const LATEST = `
  with recursive known as (
    (select product from prices order by product limit 1)
    union all
    select (select p.product from prices p where p.product > known.product order by p.product limit 1)
    from known where known.product is not null
  )
  select latest.* from known
  cross join lateral (
    select ${PRICE} from prices where prices.product = known.product order by trade_id desc limit 1
  ) latest
  where known.product is not null order by latest.product`;

const PAGE = `
  select ${PRICE} from prices
  where product = $1 and ($2::bigint is null or trade_id < $2) order by trade_id desc limit $3`;

const INSERT = `
  insert into watchlists (id, idempotency_key, name, products) values ($1, $2, $3, $4)
  on conflict (idempotency_key) do nothing returning id, name, products, created_at`;

const WATCHLIST = `select id, name, products, created_at from watchlists`;

/** Between our insert and our look-up the row may be deleted; then the key is free again. */
const CREATE_ATTEMPTS = 3;

interface PriceRow {
  product: string;
  trade_id: string;
  price: string;
  size: string;
  side: string;
  time: Date;
}

interface WatchlistRow {
  id: string;
  name: string;
  products: string[];
  created_at: Date;
}

/** SQL behind the API. Every method may safely run twice, so each is tried again when its connection was cut. */
export function createStore(pool: Pick<Pool, "query">): Store {
  const query = async <R extends object>(text: string, values: unknown[]): Promise<R[]> =>
    (await againWhenCut(() => pool.query<R>(text, values))).rows;

  return {
    latestPrices: async () => (await query<PriceRow>(LATEST, [])).map(toPrice),
    prices: async (product, limit, before) =>
      (await query<PriceRow>(PAGE, [product, before ?? null, limit])).map(toPrice),
    createWatchlist: async (key, wanted) => {
      for (let attempt = 0; attempt < CREATE_ATTEMPTS; attempt += 1) {
        const [made] = await query<WatchlistRow>(INSERT, [randomUUID(), key, wanted.name, wanted.products]);
        if (made) return { outcome: "created", watchlist: toWatchlist(made) };
        const [there] = await query<WatchlistRow>(`${WATCHLIST} where idempotency_key = $1`, [key]);
        if (!there) continue;
        const watchlist = toWatchlist(there);
        return sameRequest(watchlist, wanted) ? { outcome: "repeated", watchlist } : { outcome: "conflict" };
      }
      return { outcome: "conflict" };
    },
    watchlist: async (id) => (await query<WatchlistRow>(`${WATCHLIST} where id = $1`, [id])).map(toWatchlist)[0],
    deleteWatchlist: async (id) => (await query(`delete from watchlists where id = $1 returning id`, [id])).length > 0,
    check: async () => {
      await query("select 1 from prices, watchlists limit 0", []);
    },
  };
}

/** Whether a repeated key stands for the same request: same name, same products in the same order. */
export function sameRequest(there: NewWatchlist, wanted: NewWatchlist): boolean {
  return there.name === wanted.name && JSON.stringify(there.products) === JSON.stringify(wanted.products);
}

function toPrice({ product, trade_id, price, size, side, time }: PriceRow): Price {
  return { product, tradeId: Number(trade_id), price, size, side, time: time.toISOString() };
}

function toWatchlist({ id, name, products, created_at }: WatchlistRow): Watchlist {
  return { id, name, products, createdAt: created_at.toISOString() };
}
