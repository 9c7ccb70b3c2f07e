/** What the services answer, as far as the page reads it; fields that it doesn't know are left alone. */
import * as z from "zod/mini";

const page = <S extends z.ZodMiniType>(item: S) => z.object({ items: z.array(item), next: z.nullable(z.string()) });

export const coins = page(z.object({ symbol: z.string(), name: z.string(), product: z.nullable(z.string()) }));

export const latestPrices = z.object({
  prices: z.array(z.object({ product: z.string(), price: z.string(), tradeId: z.number(), time: z.string() })),
});

export const candles = z.object({
  items: z.array(
    z.object({
      time: z.string(),
      open: z.string(),
      high: z.string(),
      low: z.string(),
      close: z.string(),
      volume: z.string(),
    }),
  ),
});
export type Candle = z.infer<typeof candles>["items"][number];

const mean = { mean: z.number(), posts: z.number() };
export const moods = z.object({ items: z.array(z.object({ time: z.string(), ...mean })) });
export type MoodAt = z.infer<typeof moods>["items"][number];
export const moodOverview = z.object({ items: z.array(z.object({ symbol: z.string(), ...mean })) });

export const kind = z.enum(["price", "change", "sentiment"]);
export const direction = z.enum(["above", "below"]);
export type Kind = z.infer<typeof kind>;

export const alertRule = z.object({
  id: z.string(),
  kind,
  subject: z.string(),
  direction,
  threshold: z.string(),
  hysteresis: z.string(),
  cooldownSeconds: z.number(),
  windowSeconds: z.optional(z.number()),
  enabled: z.boolean(),
});
export const alertRules = page(alertRule);
export type AlertRule = z.infer<typeof alertRule>;
export type NewAlertRule = Omit<AlertRule, "id">;

export const alert = z.object({
  id: z.string(),
  rule: z.string(),
  kind,
  subject: z.string(),
  direction,
  threshold: z.string(),
  value: z.string(),
  time: z.string(),
  firedAt: z.string(),
});
export const alerts = page(alert);
export type Alert = z.infer<typeof alert>;

export const preferences = z.object({
  email: z.boolean(),
  quietHours: z.nullable(z.object({ from: z.string(), to: z.string() })),
  timeZone: z.string(),
});
export type Preferences = z.infer<typeof preferences>;

export const session = z.object({ accessToken: z.string(), expiresIn: z.number() });
export const accepted = z.object({ status: z.string() });
export const profile = z.object({ email: z.string() });
