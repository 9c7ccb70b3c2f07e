/** Which trades must make a price rule alert: what users are promised, written down without a service's code. Pure. */
import type { MemberRule } from "./member.ts";

export interface Trade {
  readonly id: number;
  /** Decimal text with at most two digits behind the point. */
  readonly price: string;
  /** Unix time in milliseconds. */
  readonly at: number;
}

/**
 * Of trades in the order of their ids, those that alert. The rule alerts at its threshold or beyond, and is armed again
 * once the price has come back by the hysteresis; there is no cool-down.
 */
export function crossings(
  { direction, threshold, hysteresis, since }: Pick<MemberRule, "direction" | "threshold" | "hysteresis" | "since">,
  trades: readonly Trade[],
): readonly Trade[] {
  const towards = direction === "above" ? 1 : -1;
  const line = towards * cents(threshold);
  const back = line - Math.max(1, cents(hysteresis));
  let armed = true;
  const found: Trade[] = [];
  for (const trade of trades) {
    if (trade.at < since) continue;
    const price = towards * cents(trade.price);
    if (armed && price >= line) found.push(trade);
    if (armed ? price >= line : price <= back) armed = !armed;
  }
  return found;
}

/** Whole cents, for floats would miss a line by their last digit. */
const cents = (text: string): number => Math.round(Number(text) * 100);
