import type { Range } from "../intervals.ts";
import type { Query } from "./database.ts";

/** One trade as the API shows it. Decimals are text; `time` is ISO 8601. */
export interface Price {
  readonly product: string;
  readonly tradeId: number;
  readonly price: string;
  readonly size: string;
  readonly side: string;
  readonly time: string;
}

/** Trades of one interval; the first and the last are so by trade id. */
export interface Candle {
  readonly time: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly trades: number;
}

/** The latest trade of a product at one exchange. */
export interface ExchangePrice extends Omit<Price, "product"> {
  readonly exchange: string;
  readonly reference: boolean;
}

export interface PriceStore {
  latestPrices(): Promise<readonly Price[]>;
  /** Newest first; only trades older than `before`, when that is given. */
  prices(product: string, limit: number, before: number | undefined): Promise<readonly Price[]>;
  /** The latest trade at each exchange; the one that the product is known by first. */
  exchanges(product: string): Promise<readonly ExchangePrice[]>;
  /** Rising; an interval without a trade has none. */
  candles(product: string, range: Range): Promise<readonly Candle[]>;
  /** Whether any trade of it was ever stored. */
  isTraded(product: string): Promise<boolean>;
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

const EXCHANGES = `
  select known.exchange, true as reference, latest.* from product_exchanges known cross join lateral (
    select ${PRICE} from prices where product = known.product order by trade_id desc limit 1
  ) latest where known.product = $1
  union all
  (with recursive other as (
    (select exchange from exchange_prices where product = $1 order by exchange limit 1)
    union all
    select (select p.exchange from exchange_prices p where p.product = $1 and p.exchange > other.exchange
      order by p.exchange limit 1)
    from other where other.exchange is not null
  )
  select other.exchange, false, latest.* from other cross join lateral (
    select ${PRICE} from exchange_prices p where p.product = $1 and p.exchange = other.exchange
    order by trade_id desc limit 1
  ) latest where other.exchange is not null order by other.exchange)`;

// From minutes or from hours, whichever are fewer rows: both are kept by the trigger of migration 8.
const CANDLES = `
  select date_bin(make_interval(secs => $3), start, timestamptz 'epoch') as at,
    (array_agg(open order by first_id))[1]::text as open, max(high)::text as high, min(low)::text as low,
    (array_agg(close order by last_id desc))[1]::text as close, sum(volume)::text as volume, sum(trades) as trades
  from candles where product = $1 and seconds = $2 and start >= $4 and start < $5
  group by 1 order by 1`;

const MINUTE = 60;
const HOUR = 3_600;

interface PriceRow {
  product: string;
  trade_id: string;
  price: string;
  size: string;
  side: string;
  time: Date;
}

type ExchangeRow = PriceRow & { exchange: string; reference: boolean };

type CandleRow = Omit<Candle, "time" | "trades"> & { at: Date; trades: string };

export function createPriceStore(query: Query): PriceStore {
  return {
    latestPrices: async () => (await query<PriceRow>(LATEST)).map(toPrice),
    prices: async (product, limit, before) =>
      (await query<PriceRow>(PAGE, [product, before ?? null, limit])).map(toPrice),
    exchanges: async (product) =>
      (await query<ExchangeRow>(EXCHANGES, [product])).map(({ exchange, reference, ...row }) => {
        const { tradeId, price, size, side, time } = toPrice(row);
        return { exchange, reference, tradeId, price, size, side, time };
      }),
    candles: async (product, { seconds, from, to }) => {
      const rows = await query<CandleRow>(CANDLES, [product, seconds < HOUR ? MINUTE : HOUR, seconds, from, to]);
      return rows.map(({ at, trades, ...rest }) => ({ time: at.toISOString(), ...rest, trades: Number(trades) }));
    },
    isTraded: async (product) => (await query(`select 1 from prices where product = $1 limit 1`, [product])).length > 0,
  };
}

function toPrice({ product, trade_id, price, size, side, time }: PriceRow): Price {
  return { product, tradeId: Number(trade_id), price, size, side, time: time.toISOString() };
}
