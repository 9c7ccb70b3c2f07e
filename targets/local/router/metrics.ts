/** Counts results as CloudWatch would. */
import type { GroupMetrics, RequestResult } from "./types.ts";

type Counters = { -readonly [Name in keyof GroupMetrics]: GroupMetrics[Name] };

export interface MetricsCounter {
  count(result: RequestResult, connectionFailed: boolean): void;
  read(): Readonly<Record<string, GroupMetrics>>;
}

export function createMetrics(): MetricsCounter {
  const groups = new Map<string, Counters>();
  const of = (group: string): Counters => {
    const counters = groups.get(group) ?? zero();
    groups.set(group, counters);
    return counters;
  };
  return {
    count: ({ group, status, own, kind }, connectionFailed) => {
      if (group === null) return;
      const counters = of(group);
      counters.requestCount += 1;
      if (connectionFailed) counters.targetConnectionErrors += 1;
      if (kind === "upgrade" && status === 101) counters.upgrades += 1;
      if (status === CLIENT_LEFT) counters.aborted += 1;
      else if (own) counters.elb5xx += 1;
      else if (status >= 500) counters.target5xx += 1;
      else if (status >= 400) counters.target4xx += 1;
      else if (status >= 300) counters.target3xx += 1;
      else if (status >= 200) counters.target2xx += 1;
    },
    read: () => Object.fromEntries([...groups].map(([group, counters]) => [group, { ...counters }])),
  };
}

/** What an ALB logs when the client closed the connection before it was answered. */
export const CLIENT_LEFT = 460;

function zero(): Counters {
  return {
    requestCount: 0,
    target2xx: 0,
    target3xx: 0,
    target4xx: 0,
    target5xx: 0,
    elb5xx: 0,
    targetConnectionErrors: 0,
    upgrades: 0,
    aborted: 0,
  };
}
