import type { ExchangeName } from "../../shared/topics/prices.ts";
import type { Backoff } from "../../shared/retry.ts";

/** A trade, whichever exchange it is of and whichever way it came. `time` is ISO 8601 in UTC. */
export interface Trade {
  /** By our name, BTC-USD. */
  readonly product: string;
  /** Contiguous per product of an exchange. */
  readonly tradeId: number;
  readonly price: string;
  readonly size: string;
  /** Of the maker order. */
  readonly side: "buy" | "sell";
  readonly time: string;
  readonly sequence: number | null;
}

export type FeedEvent =
  | { readonly kind: "trade"; readonly trade: Trade }
  /** Trades up to this id exist. */
  | { readonly kind: "heartbeat"; readonly product: string; readonly lastTradeId: number }
  /** The connection lives; it says nothing about trades. */
  | { readonly kind: "alive" }
  | { readonly kind: "subscribed" }
  | { readonly kind: "refused"; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string };

/** Trade ids that are missing, both ends included. */
export interface Missing {
  readonly from: number;
  readonly to: number;
}

/** What is missing, and where it begins in time: not every exchange finds trades by their ids. */
export interface Gap extends Missing {
  /** Time of the trade before the gap. */
  readonly since: string | undefined;
}

export interface Backfill {
  /** The most trades that the exchange gives at a time. */
  readonly page: number;
  /** The trades of the gap that the exchange has, oldest first. @throws when it can't be asked */
  trades(product: string, gap: Gap): Promise<Trade[]>;
}

/** How one exchange speaks. What it says in other words than ours ends here. */
export interface Exchange {
  readonly name: ExchangeName;
  /** What a client sends first. */
  readonly subscribe: (products: readonly string[]) => string;
  /** Reads a frame of the feed. What can't be read is `unknown`, never a throw: a trade in it shows as a gap. */
  readonly read: (text: string) => readonly FeedEvent[];
  readonly createBackfill: (restUrl: string, get?: typeof fetch) => Backfill;
  /** Between two connections: as often as its rules let a client connect. */
  readonly backoff: Backoff;
}
