/** The stack's budget, held against what is in its graph: whoever adds a machine by hand is priced like everybody else. */
import { z } from "zod";
import { billOf, PRICED } from "../bill/bill.ts";
import type { Item } from "../bill/types.ts";
import type { Finding } from "../framework/finding.ts";
import { stackRule } from "../framework/rule.ts";
import { PRICES } from "../../targets/cost/prices.ts";

/** So many of the dearest are named. */
const NAMED = 4;

const budget = z.number().nonnegative().optional();

export const stackMonthlyCost = stackRule({
  name: "stack-monthly-cost",
  description: "What a month of the stack's capacity costs at list prices stays within its budget.",
  controls: ["Cost", "Limits stack"],
  severity: "high",
  remedy: "Take less or smaller capacity, or raise limits.monthlyUsd in the stack's settings.",
  over: PRICED,
  parameters: z.strictObject({
    desired: budget.describe("US dollars a month for what always runs"),
    max: budget.describe("US dollars a month with all that scaling may reach"),
    region: z.string().default(PRICES.region).describe("Prices are of one region only"),
  }),
  *check(graph, { desired, max, region }, tell) {
    if (region !== PRICES.region) {
      tell(`prices of ${region}`);
      return;
    }
    const bill = billOf(graph, PRICES, tell);
    yield* above("desired", bill, ({ desired: micros }) => micros, desired);
    yield* above("max", bill, ({ most: micros }) => micros, max);
  },
});

function* above(
  level: string,
  bill: readonly Item[],
  at: (item: Item) => number,
  budget = Infinity,
): Iterable<Finding> {
  const total = bill.reduce((sum, item) => sum + at(item), 0);
  if (total <= budget * 1e6) return;
  const dearest = [...bill].sort((a, b) => at(b) - at(a)).slice(0, NAMED);
  yield {
    at: `monthlyUsd.${level}`,
    found: `${usd(total)} (${dearest.map((item) => `${item.name} ${usd(at(item))}`).join(", ")}${bill.length > NAMED ? ", …" : ""})`,
    allowed: `at most ${usd(budget * 1e6)}`,
  };
}

function usd(micros: number): string {
  return `${(micros / 1e6).toFixed(0)} USD`;
}
