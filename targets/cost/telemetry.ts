/** Logs, metrics, traces and alarms. What replicas write follows their number, the rest the traffic. */
import type { Demand } from "./demand.ts";
import type { Inventory } from "./inventory.ts";
import { fixed, HOURS_PER_MONTH, levels, micros, used, type Monthly } from "./money.ts";
import type { Part } from "./parts.ts";
import type { PriceBook } from "./price-book.ts";

/** One a minute of each metric. @source Amazon CloudWatch pricing, Container Insights, 2026-07 */
const OBSERVATIONS_PER_HOUR = 60;
const DAYS_PER_MONTH = 365 / 12;

export function telemetryParts(
  target: "ecs" | "eks",
  demands: readonly Demand[],
  { alarms, dashboards }: Inventory,
  logRetentionDays: number,
  { prices: { logs, metrics }, assumptions }: PriceBook,
): readonly Part[] {
  const { logGbReplica, sharedLogGb, insightsMetrics, customMetrics, millionTraces } = assumptions;
  // A job counts for the part of the month that it runs.
  const running = levels((level) =>
    demands.reduce((sum, { replicas, hours }) => sum + (replicas[level] * hours) / HOURS_PER_MONTH, 0),
  );
  const written = levels((level) => running[level] * logGbReplica + sharedLogGb[level]);
  const reported = levels((level) => running[level] * insightsMetrics[target]);
  // At any time there is as much as was written in the days that it is kept for.
  const kept = (logs.keptGbMonth * logRetentionDays) / DAYS_PER_MONTH;
  const byMetric = {
    ecs: metrics.insightsMonth,
    eks: (metrics.insightsMillionObservations * OBSERVATIONS_PER_HOUR * HOURS_PER_MONTH) / 1e6,
  };
  const own =
    micros(metrics.customMonth, customMetrics) +
    micros(metrics.alarmMonth, alarms) +
    micros(metrics.dashboardMonth, dashboards);
  const part = (name: string, monthly: Monthly): Part => ({ name, kind: "telemetry", estimated: true, monthly });
  return [
    part("logs", used(logs.inGb + kept, written)),
    part("metrics, alarms, dashboards", fixed(own)),
    part("Container Insights", used(byMetric[target], reported)),
    part("traces", used(metrics.millionTraces, millionTraces)),
  ];
}
