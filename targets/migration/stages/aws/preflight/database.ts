/** Whether the database has connections for both sides at once. Pure. */
import { sizesOf } from "../../../../../platform/foundation/sizes.ts";
import type { GiB, Model, Problem, Workload } from "../../../../../platform/model/types.ts";
import type { Settings } from "../../../../../platform/settings.ts";
import type { Report } from "../ports.ts";

/** The most that a service's pool opens; a contract test compares it with what the services say. */
export const CONNECTIONS_OF_POOL = 10;
export const OTHER_POOLS: Readonly<Record<string, number>> = { "notification-service": 20 };

/** @source RDS user guide, "DB instance classes", 2026-11 */
const MEMORY: Readonly<Record<string, GiB>> = {
  "db.t4g.medium": 4,
  "db.t4g.large": 8,
  "db.r7g.large": 16,
  "db.r7g.xlarge": 32,
};
/** @source RDS user guide, "Maximum number of database connections": LEAST({DBInstanceClassMemory/9531392}, 5000) */
const BYTES_PER_CONNECTION = 9_531_392;
const MOST_CONNECTIONS = 5000;
/** Of them the proxy takes. @see platform/foundation/database.ts, maxConnectionsPercent */
const PROXY_SHARE = 0.9;
/** PostgreSQL's own default, which a database of ours has. */
const OWN_DATABASE = 100;
const SIDES = 2;

export interface ConnectionNeed {
  /** Of one side, with the usual number of replicas and with the most. */
  readonly usual: number;
  readonly most: number;
}

export function connectionsOf({ workloads }: Model): ConnectionNeed {
  const users = workloads.filter(({ uses }) => uses.some((use) => use.to.kind === "postgres"));
  const sum = (count: (workload: Workload) => number): number =>
    users.reduce((total, each) => total + count(each) * (OTHER_POOLS[each.name] ?? CONNECTIONS_OF_POOL), 0);
  const scaled = (of: "desired" | "max") => (workload: Workload) =>
    workload.kind === "job" || "singleton" in workload.scaling ? 1 : workload.scaling[of];
  return { usual: sum(scaled("desired")), most: sum(scaled("max")) };
}

/**
 * Behind a proxy pools share the database's connections and wait for one when all are busy, so what both sides open as a
 * rule must fit; without one everything must that they may ever open, or it is refused.
 */
export function connectionProblems(model: Model, settings: Settings, report: Report): readonly Problem[] {
  const { usual, most } = connectionsOf(model);
  const { instanceClass } = sizesOf(settings).database;
  const proxied = settings.stores === "managed";
  const memory = MEMORY[instanceClass];
  if (proxied && memory === undefined) {
    report(`database: ${instanceClass} is not in the table of classes; connections were not checked`);
    return [];
  }
  const offered = proxied
    ? Math.floor(PROXY_SHARE * Math.min(MOST_CONNECTIONS, Math.floor(((memory ?? 0) * 2 ** 30) / BYTES_PER_CONNECTION)))
    : OWN_DATABASE;
  const where = proxied ? `a ${instanceClass} behind its proxy` : "a database of our own";
  report(
    `database: both sides open ${SIDES * usual} connections as a rule and ${SIDES * most} at most; ${where} has ${offered}`,
  );
  const wanted = SIDES * (proxied ? usual : most);
  if (wanted <= offered) return [];
  return [
    {
      code: "database-connections",
      path: "settings.profile",
      found: `${offered} connections (${where})`,
      allowed: `${wanted}: ${wanted / SIDES} for each side ${proxied ? "with its usual replicas" : "with all replicas that it may have"}`,
    },
  ];
}
