/** Money in whole micro-dollars: integers, so that parts sum to their total exactly. */

/** A millionth of a US dollar, always whole. */
export type Micros = number;

/** @source AWS pricing calculator: 365 × 24 / 12 */
export const HOURS_PER_MONTH = 730;

/** As few replicas as scaling allows, as many as are usual, as many as scaling allows. */
export const LEVELS = ["min", "desired", "max"] as const;
export type Level = (typeof LEVELS)[number];
export type Levels<T> = Readonly<Record<Level, T>>;

/** A month at each level. */
export type Monthly = Levels<Micros>;

export function levels<T>(at: (level: Level) => T): Levels<T> {
  return { min: at("min"), desired: at("desired"), max: at("max") };
}

/** So many units at a price, rounded once. */
export function micros(usd: number, units = 1): Micros {
  return Math.round(usd * 1e6 * units);
}

/** What runs all month, at a price an hour. */
export function allMonth(usdPerHour: number, units = 1): Micros {
  return micros(usdPerHour, units * HOURS_PER_MONTH);
}

/** The same whatever the traffic. */
export function fixed(each: Micros): Monthly {
  return levels(() => each);
}

/** Units that follow the traffic, at a price each. */
export function used(usd: number, units: Levels<number>): Monthly {
  return levels((level) => micros(usd, units[level]));
}

export function sum(list: readonly Monthly[]): Monthly {
  return levels((level) => list.reduce((total, each) => total + each[level], 0));
}

export function minus(a: Monthly, b: Monthly): Monthly {
  return levels((level) => a[level] - b[level]);
}

/**
 * Divides an amount by weights, to the last micro-dollar: each gets its share rounded down, and what is left goes to
 * those who lost most by rounding. Without any weight the first gets it all.
 */
export function apportion(amount: Micros, weights: readonly number[]): readonly Micros[] {
  const total = weights.reduce((all, each) => all + each, 0);
  if (total === 0) return weights.map((_, index) => (index === 0 ? amount : 0));
  const exact = weights.map((weight) => (amount * weight) / total);
  const shares = exact.map(Math.floor);
  const left = amount - shares.reduce((all, each) => all + each, 0);
  const byLoss = exact
    .map((share, index) => ({ index, loss: share - Math.floor(share) }))
    .sort((a, b) => b.loss - a.loss || a.index - b.index);
  const lucky = new Set(byLoss.slice(0, left).map(({ index }) => index));
  return shares.map((share, index) => (lucky.has(index) ? share + 1 : share));
}
