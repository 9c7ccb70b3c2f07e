import { z } from "zod";

import { PRODUCT } from "../config.ts";
import { decimal, instant, wholeNumber } from "./fields.ts";
import { reader } from "./read.ts";

/** In this order the first that carries a product is the one that it is known by; see decision 23. */
export const EXCHANGES = ["coinbase", "kraken"] as const;
export type ExchangeName = (typeof EXCHANGES)[number];

/**
 * A trade, version 1 of what the prices topic carries. Key: the product, so that one product's trades stay in one
 * partition and in order. At least once: see `effectively-once.ts`.
 */
export const priceMessage = z.object({
  v: z.literal(1),
  product: z.string().regex(PRODUCT, "must be a product like BTC-USD"),
  /** Who matched it. Messages without it are older than the second exchange. */
  exchange: z.enum(EXCHANGES).default("coinbase"),
  /**
   * Whether this exchange is the one that the product is known by: candles, alerts and the stream follow it alone. For
   * one product it never changes.
   */
  reference: z.boolean().default(true),
  /** Contiguous per product at the source. */
  tradeId: wholeNumber,
  price: decimal,
  size: decimal,
  /** Side of the maker order. */
  side: z.enum(["buy", "sell"]),
  /** When the exchange matched it. */
  time: instant,
  /** The exchange's own counter; null for trades that came by REST, which does not tell it. */
  sequence: wholeNumber.nullable(),
  /** Which ownership of the feed published it; rises with every handover. */
  fence: wholeNumber,
});

export type PriceMessage = z.infer<typeof priceMessage>;

/** Reads the value of a message; says why when it isn't one. */
export const readPrice = reader(priceMessage);
