import { z } from "zod";

import { PRODUCT } from "./config.ts";

/** Decimal as the exchange writes it; kept as text, since a float would change it. */
const decimal = z.string().regex(/^\d{1,20}(\.\d{1,18})?$/, "must be a decimal of at most 20 and 18 digits");

const wholeNumber = z.number().int().nonnegative();

/**
 * A trade, version 1 of what the prices topic carries. Key: the product, so that one product's trades stay in one
 * partition and in order. At least once: see `effectively-once.ts`.
 */
export const priceMessage = z.object({
  v: z.literal(1),
  product: z.string().regex(PRODUCT, "must be a product like BTC-USD"),
  /** Contiguous per product at the source. */
  tradeId: wholeNumber,
  price: decimal,
  size: decimal,
  /** Side of the maker order. */
  side: z.enum(["buy", "sell"]),
  /** When the exchange matched it: ISO 8601, UTC. */
  time: z.iso.datetime("must be ISO 8601 in UTC"),
  /** The exchange's own counter; null for trades that came by REST, which does not tell it. */
  sequence: wholeNumber.nullable(),
  /** Which ownership of the feed published it; rises with every handover. */
  fence: wholeNumber,
});

export type PriceMessage = z.infer<typeof priceMessage>;

export type ReadResult<T> =
  { readonly ok: true; readonly message: T } | { readonly ok: false; readonly reason: string };

/** Reads the value of a message; says why when it isn't one. */
export function readPrice(value: Buffer | string | null): ReadResult<PriceMessage> {
  if (value === null) return { ok: false, reason: "the message has no value" };
  let json: unknown;
  try {
    json = JSON.parse(value.toString());
  } catch {
    return { ok: false, reason: "the value is not JSON" };
  }
  const version = versionOf(json);
  if (version !== "1") return { ok: false, reason: `version ${version}, where 1 is known` };
  const parsed = priceMessage.safeParse(json);
  if (parsed.success) return { ok: true, message: parsed.data };
  const reason = parsed.error.issues.map((issue) => `${issue.path.map(String).join(".") || "value"}: ${issue.message}`);
  return { ok: false, reason: reason.join("; ").slice(0, 500) };
}

function versionOf(json: unknown): string {
  const version = typeof json === "object" && json !== null && "v" in json ? json.v : undefined;
  return typeof version === "number" ? String(version) : "missing";
}
