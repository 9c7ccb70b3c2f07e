/** Which alerts rules must give, by the plainest reading of what a rule is. */
import { alertId } from "../../../services/alert/identity.ts";
import type { Series, Trade } from "./feed.ts";

/** A rule, its amounts in whole units: cents of a price, thousandths of a percent of a change. */
export interface Rule {
  readonly id: string;
  readonly kind: "price" | "change";
  readonly product: string;
  readonly direction: "above" | "below";
  readonly threshold: number;
  readonly hysteresis: number;
  readonly cooldownSeconds: number;
}

/** An alert by its identity, and what it must say. */
export interface Crossing {
  readonly alert: string;
  readonly rule: string;
  readonly value: string;
  readonly time: string;
}

/** Changes are against the price this long ago: the least that a rule may say. */
export const WINDOW_SECONDS = 60;
export const centsOf = ({ price }: Pick<Trade, "price">): bigint => BigInt(price.replace(".", ""));

/**
 * Told at or beyond the threshold, not while it cools down; told again once it has come back by the hysteresis.
 *
 * @param series every trade since the rules were made
 * @param history these and every one before
 */
export function crossingsOf(rules: readonly Rule[], series: Series, history: Series): readonly Crossing[] {
  const references = new Map([...series].map(([product]) => [product, referencesOf(history.get(product) ?? [])]));
  return rules.flatMap((rule) => {
    let armed = true;
    let awake = 0;
    return (series.get(rule.product) ?? []).flatMap((trade): Crossing[] => {
      const value = rule.kind === "price" ? priceOf(trade) : changeOf(trade, references.get(rule.product));
      if (value === undefined) return [];
      const beyond = value.beyond(rule);
      const at = Date.parse(trade.time);
      if (armed && beyond(0) && at >= awake) {
        armed = false;
        awake = at + rule.cooldownSeconds * 1000;
        const alert = alertId(rule.id, `${rule.product} ${trade.trade_id}`);
        return [{ alert, rule: rule.id, value: value.text, time: trade.time }];
      }
      armed ||= !beyond(-rule.hysteresis, true);
      return [];
    });
  });
}

/** What a rule looks at: a fraction of whole numbers, so that nothing is rounded before it is compared. */
interface Value {
  readonly text: string;
  /** Whether it lies beyond the threshold moved by so much towards the rule's side, or on it unless `strictly`. */
  beyond(rule: Rule): (moved: number, strictly?: boolean) => boolean;
}

function valueOf(text: string, above: bigint, below: bigint): Value {
  return {
    text,
    beyond: ({ direction, threshold }) => {
      const side = direction === "above" ? 1n : -1n;
      return (moved, strictly = false) => {
        const over = side * (above - BigInt(threshold) * below) - BigInt(moved) * below;
        return strictly ? over > 0n : over >= 0n;
      };
    },
  };
}

const priceOf = (trade: Trade): Value => valueOf(trade.price, centsOf(trade), 1n);

/** In percent against what stood a window ago; undefined where nothing did. Eight digits are told, cut. */
function changeOf(trade: Trade, references: ReadonlyMap<number, bigint> | undefined): Value | undefined {
  const reference = references?.get(Math.floor(Date.parse(trade.time) / 1000) - WINDOW_SECONDS);
  if (reference === undefined) return undefined;
  const difference = centsOf(trade) - reference;
  const size = ((difference < 0n ? -difference : difference) * 10_000_000_000n) / reference;
  const digits = size.toString().padStart(9, "0");
  const text = `${digits.slice(0, -8)}.${digits.slice(-8)}`.replace(/\.?0+$/, "");
  return valueOf(difference < 0n && text !== "0" ? `-${text}` : text, difference * 100_000n, reference);
}

/** By whole second: the price of the highest trade up to it. */
function referencesOf(trades: readonly Trade[]): ReadonlyMap<number, bigint> {
  const prices = new Map<number, bigint>();
  const [first, last] = [trades[0], trades.at(-1)];
  if (!first || !last) return prices;
  let next = 0;
  for (let second = Math.ceil(Date.parse(first.time) / 1000); second * 1000 <= Date.parse(last.time); second += 1) {
    for (let trade = trades[next]; trade && Date.parse(trade.time) <= second * 1000; trade = trades[next]) {
      prices.set(second, centsOf(trade));
      next += 1;
    }
    const before = prices.get(second - 1);
    if (!prices.has(second) && before !== undefined) prices.set(second, before);
  }
  return prices;
}
