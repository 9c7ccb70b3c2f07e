import type { Chore } from "../shared/housekeeping.ts";

/** Trades of exchanges that a product is not known by are there to compare with what is now. */
export const CHORES: readonly Chore[] = [
  {
    table: "exchange_prices",
    key: "product, exchange, trade_id",
    over: "time < now() - interval '7 days'",
    age: "time",
  },
];
