/** What both ways to Coinbase have in common. */
import { z } from "zod";

import type { Trade } from "./exchange.ts";

export const id = z.number().int().nonnegative();
export const decimal = z.string().regex(/^\d{1,20}(\.\d{1,18})?$/);
export const time = z.iso.datetime({ offset: true });
/** Of the maker order. */
export const side = z.enum(["buy", "sell"]);

export interface Row {
  readonly trade_id: number;
  readonly price: string;
  readonly size: string;
  readonly side: "buy" | "sell";
  readonly time: string;
}

export function tradeOf(product: string, row: Row): Trade {
  const { trade_id: tradeId, price, size, side: maker, time: at } = row;
  return { product, tradeId, price, size, side: maker, time: inUtc(at), sequence: null };
}

/** Keeps the exchange's microseconds where it wrote UTC already. */
function inUtc(at: string): string {
  return at.endsWith("Z") ? at : new Date(at).toISOString();
}
