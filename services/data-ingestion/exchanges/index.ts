export { coinbase } from "./coinbase.ts";
export type { Backfill, Exchange, FeedEvent, Gap, Missing, Trade } from "./exchange.ts";
export { kraken } from "./kraken.ts";
