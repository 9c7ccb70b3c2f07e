/** Limits of a whole stack: what its workloads take together, always and at their most. */
import { demandsOf, DEMANDING } from "../demand/demands.ts";
import type { Demand } from "../demand/types.ts";
import { shown, sum, times } from "../demand/size.ts";
import type { Finding } from "../framework/finding.ts";
import { stackRule } from "../framework/rule.ts";
import { above, ceilings, type Ceilings } from "./ceilings.ts";

/** So many of those that take most are named. */
const NAMED = 3;

type Count = (demand: Demand) => number;

export const stackDesired = stackRule({
  name: "limits-stack-desired",
  description: "All that always runs together stays within the stack's limits.",
  controls: ["Limits stack"],
  severity: "high",
  remedy: "Lower desired counts or sizes, or raise the stack's limits.",
  over: DEMANDING,
  parameters: ceilings,
  *check(graph, allowed, tell) {
    yield* together(demandsOf(graph, tell), ({ desired }) => desired, allowed);
  },
});

export const stackWorstCase = stackRule({
  name: "limits-stack-worst-case",
  description: "All workloads at their maximum together stay within the stack's limits.",
  controls: ["Limits stack"],
  severity: "high",
  remedy: "Lower maxima or sizes, or raise the stack's limits.",
  over: DEMANDING,
  parameters: ceilings,
  *check(graph, allowed, tell) {
    yield* together(demandsOf(graph, tell), ({ most }) => most, allowed);
  },
});

function* together(demands: readonly Demand[], count: Count, allowed: Ceilings): Iterable<Finding> {
  const total = sum(demands.map((demand) => times(demand.each, count(demand))));
  const replicas = demands.reduce((all, demand) => all + count(demand), 0);
  yield* above("stack", { ...total, replicas }, allowed, undefined, (dimension) => {
    const amounts = demands
      .map((demand) => ({
        service: demand.service,
        amount: dimension === "replicas" ? count(demand) : times(demand.each, count(demand))[dimension],
      }))
      .sort((a, b) => b.amount - a.amount);
    const named = amounts.slice(0, NAMED).map(({ service, amount }) => `${service} ${shown(amount)}`);
    return ` (${named.join(", ")}${amounts.length > NAMED ? ", …" : ""})`;
  });
}
