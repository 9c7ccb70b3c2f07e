/** What a resource costs in a month, in whole micro-dollars. */
import type { Micros } from "../../targets/cost/money.ts";

export interface Item {
  readonly name: string;
  /** With what always runs, as scaling begins. */
  readonly desired: Micros;
  /** With all that scaling may reach, spare capacity at its full price. */
  readonly most: Micros;
}

/** The same whatever runs. */
export function steady(name: string, monthly: Micros): Item {
  return { name, desired: monthly, most: monthly };
}
