/** A market as whole numbers, rules about it, and what they must alert of. */
import { randomUUID } from "node:crypto";

import type pg from "pg";

import type { PriceMessage } from "../../../services/shared/topics/prices.ts";
import { naiveAlerts, type Plain } from "./rules.ts";

/** The same numbers for the same seed. @source mulberry32, public domain */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface MarketRule extends Plain {
  readonly kind: "price" | "change";
  readonly product: string;
  readonly windowSeconds: number;
}

/** Trades of the products in turn, each a random walk; every one has a millisecond of its own. */
export function trades(products: readonly string[], count: number, random: () => number, from: number): PriceMessage[] {
  const prices = new Map(products.map((product) => [product, 1_000]));
  return Array.from({ length: count }, (_, i) => {
    const product = products[i % products.length] ?? "";
    const price = Math.max(500, (prices.get(product) ?? 1_000) + Math.round((random() - 0.5) * 8));
    prices.set(product, price);
    const time = new Date(from + i * 25 + Math.floor(random() * 20)).toISOString();
    const tradeId = 1 + Math.floor(i / products.length);
    const trade = { v: 1, product, tradeId, price: String(price), size: "1", side: "buy", time } as const;
    return { ...trade, exchange: "coinbase", reference: true, sequence: null, fence: 1 };
  });
}

export function marketRules(products: readonly string[], count: number, random: () => number): MarketRule[] {
  const pick = (from: number, to: number): number => from + Math.floor(random() * (to - from + 1));
  return Array.from({ length: count }, (_, i) => {
    const kind = i % 4 === 3 ? "change" : "price";
    return {
      id: randomUUID(),
      kind,
      product: products[i % products.length] ?? "",
      direction: random() < 0.5 ? "above" : "below",
      threshold: kind === "price" ? pick(950, 1_050) : pick(-4, 4),
      hysteresis: kind === "price" ? pick(0, 8) : pick(0, 2),
      cooldownMs: pick(0, 3) * pick(0, 20) * 1_000,
      windowSeconds: pick(60, 90),
    };
  });
}

/** Each alert as `<rule> <time>`, sorted. */
export function expectedAlerts(rules: readonly MarketRule[], all: readonly PriceMessage[]): string[] {
  return rules
    .flatMap((rule) => {
      const own = all.filter(({ product }) => product === rule.product);
      const at = own.map(({ time }) => Date.parse(time));
      const found =
        rule.kind === "price" ? naiveAlerts([rule], seenOf(own)) : naiveAlerts([scaled(rule)], changes(rule, own));
      return found.map((alert) => {
        const i = own.findIndex(({ tradeId }) => tradeId === Number(alert.split(" ", 2)[1]));
        return `${rule.id} ${new Date(at[i] ?? 0).toISOString()}`;
      });
    })
    .sort();
}

const seenOf = (own: readonly PriceMessage[]) =>
  own.map(({ tradeId, price, time }) => ({ position: tradeId, value: Number(price), at: Date.parse(time) }));

/**
 * Percent in ten-millionths. Of two prices below 2,000 a change that is no whole percent is a twenty-thousandth or more
 * away from one, so that rounding takes none over a line.
 */
const PARTS = 10_000_000;
const scaled = (rule: MarketRule): Plain => ({
  ...rule,
  threshold: rule.threshold * PARTS,
  hysteresis: rule.hysteresis * PARTS,
});

function changes({ windowSeconds }: MarketRule, own: readonly PriceMessage[]) {
  let reference: number | undefined;
  let passed = 0;
  return own.flatMap(({ tradeId, price, time }) => {
    const at = Date.parse(time);
    const second = Math.floor(at / 1000) - windowSeconds;
    for (; Date.parse(own[passed]?.time ?? "9999-01-01T00:00:00Z") <= second * 1000; passed += 1) {
      reference = Number(own[passed]?.price);
    }
    if (reference === undefined) return [];
    const value = Math.round(((Number(price) - reference) * 100 * PARTS) / reference);
    return [{ position: tradeId, value, at }];
  });
}

export async function insertUser(pool: pg.Pool): Promise<string> {
  const id = randomUUID();
  const email = `${id}@example.org`;
  await pool.query("insert into users (id, email, email_key, password_hash) values ($1, $2, $2, 'x')", [id, email]);
  return id;
}

const LONG_AGO = "2020-01-01T00:00:00Z";

export async function insertRules(pool: pg.Pool, user: string, rules: readonly MarketRule[]): Promise<void> {
  await pool.query(
    `insert into alert_rules (id, user_id, kind, subject, direction, threshold, hysteresis, cooldown_seconds,
       window_seconds, updated_at)
     select id, $2, kind, subject, direction, threshold, hysteresis, cooldown, seconds, $9
     from unnest($1::uuid[], $3::text[], $4::text[], $5::text[], $6::numeric[], $7::numeric[], $8::int[], $10::int[])
       as rule (id, kind, subject, direction, threshold, hysteresis, cooldown, seconds)`,
    [
      rules.map(({ id }) => id),
      user,
      rules.map(({ kind }) => kind),
      rules.map(({ product }) => product),
      rules.map(({ direction }) => direction),
      rules.map(({ threshold }) => threshold),
      rules.map(({ hysteresis }) => hysteresis),
      rules.map(({ cooldownMs }) => cooldownMs / 1_000),
      LONG_AGO,
      rules.map(({ windowSeconds }) => windowSeconds),
    ],
  );
}

export async function insertPrices(pool: pg.Pool, all: readonly PriceMessage[]): Promise<void> {
  await pool.query(
    `insert into prices (product, trade_id, price, size, side, time)
     select product, trade_id, price, 1, 'buy', time
     from unnest($1::text[], $2::bigint[], $3::numeric[], $4::timestamptz[]) as t (product, trade_id, price, time)`,
    [
      all.map(({ product }) => product),
      all.map(({ tradeId }) => tradeId),
      all.map(({ price }) => price),
      all.map(({ time }) => time),
    ],
  );
}

/** Each stored alert as `<rule> <time>`, sorted. */
export async function storedAlerts(pool: pg.Pool): Promise<string[]> {
  const { rows } = await pool.query<{ rule_id: string; time: Date }>("select rule_id, time from alerts");
  return rows.map(({ rule_id, time }) => `${rule_id} ${time.toISOString()}`).sort();
}
