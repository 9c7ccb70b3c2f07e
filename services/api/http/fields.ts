/** Fields that several paths have, in one form. */
import { z } from "zod";

import { PRODUCT } from "../../shared/config.ts";
import { SYMBOL } from "../../shared/topics/fields.ts";

export const product = z
  .string("must be a product like BTC-USD")
  .regex(PRODUCT, "must be a product like BTC-USD")
  .describe("Symbol and currency, `BTC-USD`.");

export const symbol = z
  .string("must be a symbol like BTC")
  .regex(SYMBOL, "must be a symbol like BTC")
  .describe("What is traded, `BTC`.");

export const id = z.uuid("must be a UUID");
export const byId = z.strictObject({ id });
export const byProduct = z.strictObject({ product });
export const bySymbol = z.strictObject({ symbol });

/** A decimal as text, since a float would change it. */
export const decimalText = z.string().describe("A decimal, as text.");
export const time = z.iso.datetime().describe("ISO 8601 in UTC.");
