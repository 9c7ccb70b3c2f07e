import { z } from "zod";

import { instant, symbol } from "./fields.ts";
import { reader, writer } from "./read.ts";

/** What a rule watches: the price itself, its change over the rule's window in percent, or the hour's mean sentiment. */
export const alertKind = z.enum(["price", "change", "sentiment"]);
export const alertDirection = z.enum(["above", "below"]);

/**
 * A rule's line was crossed, version 1 of the alerts topic. Key: the user. `id` names the crossing, so what is published
 * twice is one alert still.
 */
export const alertMessage = z.object({
  v: z.literal(1),
  id: z.uuid(),
  user: z.uuid(),
  rule: z.uuid(),
  kind: alertKind,
  /** What it is about: BTC-USD for prices, BTC for sentiment. */
  subject: z.union([symbol, z.string().regex(/^[A-Z0-9]{1,16}-[A-Z0-9]{1,16}$/, "must be a product like BTC-USD")]),
  direction: alertDirection,
  /** Where the line is, and what was found beyond it: decimals as text, as they were given and as they came. */
  threshold: z.string().regex(/^-?\d{1,20}(\.\d{1,18})?$/, "must be a decimal"),
  value: z.string().regex(/^-?\d{1,20}(\.\d{1,18})?$/, "must be a decimal"),
  /** When what crossed it happened. */
  time: instant,
  /** When the crossing was stored. */
  firedAt: instant,
});
export type AlertMessage = z.infer<typeof alertMessage>;
export const readAlert = reader(alertMessage);
export const writeAlert = writer(alertMessage);
