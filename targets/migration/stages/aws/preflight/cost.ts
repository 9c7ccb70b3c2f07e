/** What a migration costs while both sides run. Pure. */
import { estimate, PRICES } from "../../../../cost/index.ts";
import { HOURS_PER_MONTH } from "../../../../cost/money.ts";
import type { Estimate } from "../../../../cost/parts.ts";
import type { CompiledStack } from "../../../../stack.ts";

/** What each side has for itself; everything else is the foundation's, which both use. */
const OWN: ReadonlySet<string> = new Set(["workload", "capacity", "platform"]);

export interface HourlyCost {
  /** US dollars an hour, with the usual replicas. */
  readonly from: number;
  readonly both: number;
}

/** null for a side that AWS does not bill, or a stack that the price book does not cover. */
export function hourlyCost(compiled: CompiledStack, from: string, to: string): HourlyCost | null {
  const [old, young] = [from, to].map((side) => {
    const form = compiled.forms.find(({ target }) => target === side);
    const priced = form ? estimate(form, compiled, PRICES) : null;
    return priced?.ok ? priced.value : null;
  });
  if (!old || !young) return null;
  const hourly = (micros: number): number => micros / 1e6 / HOURS_PER_MONTH;
  return { from: hourly(old.total.desired), both: hourly(old.total.desired + ownOf(young)) };
}

const ownOf = ({ parts }: Estimate): number =>
  parts.reduce((sum, { kind, monthly }) => sum + (OWN.has(kind) ? monthly.desired : 0), 0);

export function costText({ from, both }: HourlyCost): string {
  return (
    `$${both.toFixed(2)} an hour while both sides run, $${from.toFixed(2)} before: ` +
    `$${((both - from) * 24).toFixed(0)} more for each day of both`
  );
}
