import { randomUUID } from "node:crypto";

import { levelOf } from "../../../services/alert/decimal.ts";
import { FRESH, type Observation, type Rule, type RuleState } from "../../../services/alert/rule.ts";
import type { Entry } from "../../../services/alert/watch.ts";

export const rule = (
  given: Partial<Omit<Rule, "threshold" | "hysteresis">> & { threshold: number; hysteresis?: number },
): Rule => ({
  id: randomUUID(),
  revision: 1,
  kind: "price",
  subject: "BTC-USD",
  direction: "above",
  cooldownMs: 0,
  windowSeconds: 3600,
  since: 0,
  ...given,
  threshold: levelOf(String(given.threshold)),
  hysteresis: levelOf(String(given.hysteresis ?? 0)),
});

export const observation = (position: number, value: number, at = position * 1000): Observation => ({
  level: levelOf(String(value)),
  value: String(value),
  at,
  time: new Date(at).toISOString(),
  position,
  identity: `m${position}`,
});

export const entryOf = (given: Rule, state: RuleState = FRESH): Entry => ({ rule: given, state, seat: 0 });

/** A rule as a person would put it, and values as whole numbers: the model shares nothing with the code under test. */
export interface Plain {
  readonly id: string;
  readonly direction: "above" | "below";
  readonly threshold: number;
  readonly hysteresis: number;
  readonly cooldownMs: number;
}

export interface Seen {
  readonly position: number;
  readonly value: number;
  readonly at: number;
}

/** Which observations each rule alerts of, by going through all of them for each rule. */
export function naiveAlerts(rules: readonly Plain[], observations: readonly Seen[]): string[] {
  const alerts: string[] = [];
  for (const { id, direction, threshold, hysteresis, cooldownMs } of rules) {
    let armed = true;
    let last: number | undefined;
    for (const { position, value, at } of observations) {
      const past = direction === "above" ? value - threshold : threshold - value;
      if (armed) {
        const cooling = last !== undefined && at < last + cooldownMs;
        if (past < 0 || cooling) continue;
        alerts.push(`${id} ${position}`);
        armed = false;
        last = at;
      } else if (hysteresis === 0 ? past < 0 : past <= -hysteresis) armed = true;
    }
  }
  return alerts.sort();
}
