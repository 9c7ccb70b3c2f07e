/**
 * What CloudWatch says of a side, as gates count it. Pure.
 *
 * A load balancer counts in minutes, and a minute is there a minute later; so a window has whole minutes only. It tells of
 * no zero: a minute without a 5xx has no point, and neither has one without a request. So no 5xx is 0 only where requests
 * have points, and where CloudWatch could not say, there are no samples at all.
 * @source ELB user guide, "CloudWatch metrics for your Application Load Balancer", 2026-11
 */
import type { SideSamples } from "../../stage.ts";
import type { MetricQuery, MetricSeries } from "./ports.ts";
import { balancerDimension, groupDimension, type SideRoute } from "./routes.ts";

const NAMESPACE = "AWS/ApplicationELB";
const MINUTE = 60_000;
/** How long after its end a minute may still lack samples. */
const LATE = 60_000;

const ASKED = {
  requests: ["RequestCount", "Sum"],
  errors: ["HTTPCode_Target_5XX_Count", "Sum"],
  connections: ["TargetConnectionErrorCount", "Sum"],
  p50: ["TargetResponseTime", "p50"],
  p95: ["TargetResponseTime", "p95"],
  p99: ["TargetResponseTime", "p99"],
} as const;
type Asked = keyof typeof ASKED;

/** Of every route what is asked, and of every load balancer what it answered itself for want of a target. */
export function queriesFor(routes: readonly SideRoute[]): readonly MetricQuery[] {
  const ofGroups = routes.flatMap((route, index) =>
    Object.entries(ASKED).map(([asked, [name, stat]]) => ({
      id: `${asked}_${index}`,
      namespace: NAMESPACE,
      name,
      stat,
      dimensions: {
        LoadBalancer: balancerDimension(route.listenerArn),
        TargetGroup: groupDimension(route.targetGroupArn),
      },
    })),
  );
  return [
    ...ofGroups,
    ...balancersOf(routes).map((LoadBalancer, index) => ({
      ...{ id: `balancer_${index}`, namespace: NAMESPACE, name: "HTTPCode_ELB_5XX_Count", stat: "Sum" },
      dimensions: { LoadBalancer },
    })),
  ];
}

const balancersOf = (routes: readonly SideRoute[]): readonly string[] => [
  ...new Set(routes.map(({ listenerArn }) => balancerDimension(listenerArn))),
];

/** Whole minutes since the mark that are all there: `from` ≤ minute < `to`. */
export function wholeMinutes(marked: number, now: number): { readonly from: number; readonly to: number } {
  const from = Math.ceil(marked / MINUTE) * MINUTE;
  return { from, to: Math.max(from, Math.floor((now - LATE) / MINUTE) * MINUTE) };
}

/**
 * @param blamed the side that the load balancer's own errors are held against, for it does not say whose they are: the new
 *   one while it has weight
 */
export function samplesBySide(
  routes: readonly SideRoute[],
  series: ReadonlyMap<string, MetricSeries>,
  blamed: string,
): Readonly<Record<string, SideSamples>> {
  const own = sum(balancersOf(routes).map((_, index) => series.get(`balancer_${index}`)));
  const sides = [...new Set(routes.map(({ side }) => side))];
  return Object.fromEntries(
    sides.map((side) => {
      const indices = routes.flatMap((route, index) => (route.side === side ? [index] : []));
      return [side, ofSide(indices, series, side === blamed ? own : 0)];
    }),
  );
}

function ofSide(
  indices: readonly number[],
  series: ReadonlyMap<string, MetricSeries>,
  balancerErrors: number | null,
): SideSamples {
  const all = (asked: Asked): readonly (MetricSeries | undefined)[] =>
    indices.map((index) => series.get(`${asked}_${index}`));
  const [answered, failed, refused] = [sum(all("requests")), sum(all("errors")), sum(all("connections"))];
  if (answered === null || failed === null || refused === null || balancerErrors === null || answered === 0) {
    return { requests: 0, errors: 0, p50: null, p95: null, p99: null };
  }
  const errors = failed + refused + balancerErrors;
  // What the load balancer answered itself is in no group's count.
  return {
    requests: Math.max(answered + balancerErrors, errors),
    errors,
    p50: weighted(all("p50"), all("requests")),
    p95: weighted(all("p95"), all("requests")),
    p99: weighted(all("p99"), all("requests")),
  };
}

/** null: CloudWatch could not say. */
function sum(all: readonly (MetricSeries | undefined)[]): number | null {
  return all.reduce<number | null>(
    (total, one) =>
      total === null || !one?.complete ? null : total + one.points.reduce((n, { value }) => n + value, 0),
    0,
  );
}

/** Percentiles of minutes and services cannot be put together exactly: their mean by requests, in milliseconds. */
function weighted(
  seconds: readonly (MetricSeries | undefined)[],
  requests: readonly (MetricSeries | undefined)[],
): number | null {
  let [total, weight] = [0, 0];
  for (const [index, one] of seconds.entries()) {
    const counts = new Map(requests[index]?.points.map(({ at, value }) => [at, value]));
    for (const { at, value } of one?.points ?? []) {
      const count = counts.get(at) ?? 0;
      total += value * count;
      weight += count;
    }
  }
  return weight > 0 ? (1000 * total) / weight : null;
}
