import type { AlertMessage } from "../shared/topics/alerts.ts";
import type { Level } from "./decimal.ts";

/** A user's rule as it is judged. A changed one has a new revision, and is judged anew from `since` on. */
export interface Rule {
  readonly id: string;
  readonly revision: number;
  readonly kind: AlertMessage["kind"];
  readonly subject: string;
  readonly direction: AlertMessage["direction"];
  readonly threshold: Level;
  readonly hysteresis: Level;
  readonly cooldownMs: number;
  readonly windowSeconds: number;
  /** Milliseconds since 1970; what happened before is not judged. */
  readonly since: number;
}

/** Where a rule stands since it last turned. */
export interface RuleState {
  readonly armed: boolean;
  /** When what was last alerted of happened; null before the first alert. */
  readonly alertedAt: number | null;
  /** Of the observation that turned it; null when none has. Those up to it have been judged. */
  readonly position: number | null;
}

/** A rule that nothing has turned is armed: what it finds beyond its line at first sight, it tells. */
export const FRESH: RuleState = { armed: true, alertedAt: null, position: null };

/** One value of what a rule looks at. Positions rise strictly; times may jitter. */
export interface Observation {
  readonly level: Level;
  /** As it is told to the user. */
  readonly value: string;
  /** Milliseconds since 1970, and as the message had it. */
  readonly at: number;
  readonly time: string;
  readonly position: number;
  /** Names the message, also when it comes again. */
  readonly identity: string;
}

/** What makes a rule turn: a level at or beyond the line, on its side of it. */
export interface Line {
  readonly when: "rises-to" | "falls-to";
  readonly level: Level;
}

/**
 * An armed rule turns, and alerts, at its threshold or beyond; one that is not turns back, silently, when the value
 * has come back by the hysteresis, and without one as soon as it is off the threshold.
 */
export function lineOf({ direction, threshold, hysteresis }: Rule, { armed }: RuleState): Line {
  const back = hysteresis === 0n ? 1n : hysteresis;
  if (direction === "above") {
    return armed ? { when: "rises-to", level: threshold } : { when: "falls-to", level: threshold - back };
  }
  return armed ? { when: "falls-to", level: threshold } : { when: "rises-to", level: threshold + back };
}

/** When an observation can next turn the rule: not before its last change, nor an armed one while it cools down. */
export function awakeFrom(rule: Rule, { armed, alertedAt }: RuleState): number {
  return armed && alertedAt !== null ? Math.max(rule.since, alertedAt + rule.cooldownMs) : rule.since;
}

export function reaches({ when, level }: Line, found: Level): boolean {
  return when === "rises-to" ? found >= level : found <= level;
}

/**
 * The state after an observation, or undefined when it does not turn the rule.
 *
 * A crossing within the cool-down is not forgotten: the rule stays armed, and alerts when the cool-down ends with the
 * value still beyond the line. One that came back meanwhile is not told.
 */
export function turn(rule: Rule, state: RuleState, observation: Observation): RuleState | undefined {
  const { level, at, position } = observation;
  if (state.position !== null && position <= state.position) return undefined;
  if (at < awakeFrom(rule, state) || !reaches(lineOf(rule, state), level)) return undefined;
  return { armed: !state.armed, alertedAt: state.armed ? at : state.alertedAt, position };
}
