/** SIGKILL to one component, again as soon as all has recovered, for as long as there is something to disturb. */
import { setTimeout as sleep } from "node:timers/promises";
import { total } from "./feed.ts";
import { until } from "./until.ts";
import type { World } from "./world.ts";

export interface Strikes {
  /** `performance.now()` of the first one. */
  readonly at: number;
  /** Of each one, milliseconds until every service took its work again, and a trade sent after it was stored. */
  readonly recoveries: readonly number[];
  /** Other workloads whose process ended meanwhile. */
  readonly dragged: readonly string[];
}

/** Shares of the block's trades: the first one strikes here, and none later than that. */
const [FIRST, LAST] = [0.2, 0.75];
/** Whatever it had under way is under way again, wherever in its work that is. */
const MOST_PAUSE_MILLISECONDS = 400;

export async function strikeWhileFed(
  { platform, feed, database }: World,
  component: string,
  since: ReadonlyMap<string, number>,
  trades: number,
): Promise<Strikes> {
  const share = async (): Promise<number> => (total(await feed.lasts()) - total(since)) / trades;
  const before = platform.restarts();
  await until(async () => (await share()) > FIRST);
  const at = performance.now();
  const recoveries: number[] = [];
  do {
    await sleep(Math.random() * MOST_PAUSE_MILLISECONDS);
    const struck = performance.now();
    const victim = platform.kill(component);
    const lasts = await feed.lasts();
    await until(async () => {
      const pid = platform.pidOf(component);
      return pid !== undefined && pid !== victim && platform.ready() && (await isFurther(lasts));
    });
    recoveries.push(performance.now() - struck);
  } while ((await share()) < LAST);
  const after = platform.restarts();
  const dragged = [...after].flatMap(([name, count]) =>
    name !== component && count > (before.get(name) ?? 0) ? [name] : [],
  );
  return { at, recoveries, dragged };

  async function isFurther(lasts: ReadonlyMap<string, number>): Promise<boolean> {
    const [product = "", last = 0] = [...lasts][0] ?? [];
    const rows = await database.rows("select from prices where product = $1 and trade_id > $2 limit 1", [
      product,
      last,
    ]);
    return rows.length > 0;
  }
}
