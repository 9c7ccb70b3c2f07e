/** Fields that several topics' messages have, in one form. */
import { z } from "zod";

/** Decimal as the exchange writes it; kept as text, since a float would change it. */
export const decimal = z.string().regex(/^\d{1,20}(\.\d{1,18})?$/, "must be a decimal of at most 20 and 18 digits");

export const wholeNumber = z.number().int().nonnegative();

/** ISO 8601 in UTC. */
export const instant = z.iso.datetime("must be ISO 8601 in UTC");

/** What is traded, without what it is paid in: the BTC of BTC-USD. */
export const SYMBOL = /^[A-Z0-9]{1,16}$/;
export const symbol = z.string().regex(SYMBOL, "must be a symbol like BTC");

/**
 * `<source>:` and what stands for that source's own id, hashed where it would name the author: one post, however often
 * and by whomever it is fetched.
 */
export const postId = z
  .string()
  .regex(/^[a-z]{2,16}:[\x21-\x7e]{1,400}$/, "must be a source, a colon and that source's id");

export const postSource = z.enum(["bluesky", "reddit", "rss"]);

/** From -1, all bad, to 1, all good. */
export const score = z.number().min(-1).max(1);
