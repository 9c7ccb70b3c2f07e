/** What an alert rule may say, by what it watches. */
import { z } from "zod";

import { id, time, product, symbol } from "./http/fields.ts";
import { named } from "./http/schemas.ts";
import { alertDirection } from "../shared/topics/alerts.ts";

/** As many digits as prices may have. What is none of these is not looked at any further. */
const signed = z
  .string("must be a decimal, as text")
  .regex(/^-?\d{1,20}(\.\d{1,18})?$/, { error: "must be a decimal of at most 20 and 18 digits", abort: true });
const unsigned = z.string("must be a decimal, as text").regex(/^\d{1,20}(\.\d{1,18})?$/, {
  error: "must be a decimal of at most 20 and 18 digits, not below zero",
  abort: true,
});

const isZero = (text: string): boolean => /^-?[0.]+$/.test(text);
/** Exact where it matters: at whole numbers, which are what bounds are. */
const isWithin = (text: string, least: bigint, most: bigint): boolean => {
  const [whole = "", fraction = ""] = text.split(".");
  const size = BigInt(whole.replace("-", ""));
  const beyond = isZero(`0${fraction}`) ? 0n : 1n;
  return text.startsWith("-") ? size + beyond <= -least : size + beyond <= most;
};

const wholeNumber = (what: string, least: number, most: number) =>
  z
    .int(`must be ${what}, ${least} to ${most}`)
    .min(least, `must be ${what}, ${least} to ${most}`)
    .max(most, `must be ${what}, ${least} to ${most}`);

const common = {
  direction: alertDirection.describe("Which side of the threshold is told."),
  hysteresis: unsigned
    .default("0")
    .describe("How far it must come back before it is told again, in the threshold's own unit."),
  cooldownSeconds: wholeNumber("whole seconds", 0, 604_800).default(300).describe("Least time between two alerts."),
  enabled: z.boolean("must be true or false").default(true),
};

export const newAlertRule = named(
  "NewAlertRule",
  z.discriminatedUnion(
    "kind",
    [
      z.strictObject({
        kind: z.literal("price"),
        subject: product,
        threshold: unsigned.refine((text) => !isZero(text), { error: "must be above zero" }),
        ...common,
      }),
      z.strictObject({
        kind: z.literal("change"),
        subject: product,
        threshold: signed
          .refine((text) => !isZero(text), { error: "must not be zero" })
          .refine((text) => isWithin(text, -100n, 1_000_000n), { error: "must be percent, -100 to 1000000" })
          .describe("Percent, against the price at the window's beginning."),
        windowSeconds: wholeNumber("whole seconds", 60, 86_400).default(3_600),
        ...common,
      }),
      z.strictObject({
        kind: z.literal("sentiment"),
        subject: symbol,
        threshold: signed
          .refine((text) => isWithin(text, -1n, 1n), { error: "must be from -1 to 1" })
          .describe("Mean score of the hour's posts, from -1 to 1."),
        ...common,
        hysteresis: unsigned
          .refine((text) => isWithin(text, 0n, 2n), { error: "must be from 0 to 2" })
          .default("0")
          .describe("How far it must come back before it is told again."),
      }),
    ],
    "must be a rule of kind price, change or sentiment",
  ),
);

export const alertRule = named(
  "AlertRule",
  z.object({
    id,
    kind: z.enum(["price", "change", "sentiment"]),
    subject: z.string().describe("A product for prices, a symbol for sentiment."),
    direction: alertDirection,
    threshold: z.string(),
    hysteresis: z.string(),
    cooldownSeconds: z.int(),
    windowSeconds: z.int().optional().describe("Of change rules."),
    enabled: z.boolean(),
    revision: z.int().describe("Rises with every change; what happened before it is not judged."),
    createdAt: time,
    updatedAt: time,
  }),
);
