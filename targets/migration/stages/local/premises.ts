/** What a fault may lay hands on in a local rehearsal. */
import type { Premises } from "../../../local/faults/index.ts";
import type { Side } from "../../../local/runtime/index.ts";
import { withDatabase } from "./accounts.ts";
import type { SharedPlatform } from "./platform.ts";

export interface PremisesOptions {
  readonly shared: SharedPlatform;
  /** @throws StageError for a side that is not deployed */
  readonly sideOf: (side: "old" | "new") => Side;
  readonly report: (line: string) => void;
  readonly signal: AbortSignal;
}

export function premisesOf({ shared, sideOf, report, signal }: PremisesOptions): Premises {
  const { dataPlane, router, broker, databaseUrl } = shared;
  return {
    ...{ dataPlane, router, report, signal },
    scale: (side, workload, count) => sideOf(side).scale(workload, count),
    killReplica: (side, workload) => sideOf(side).kill(workload, 0),
    publish: (topic, values) => broker.publish(topic, values),
    messages: (topic) => broker.messages(topic),
    leaseHolder: (lease) =>
      withDatabase(databaseUrl, async (client) => {
        const { rows } = await client.query<{ holder: string; fence: string }>(
          "select holder, fence from leases where name = $1 and expires_at > clock_timestamp()",
          [lease],
        );
        const [row] = rows;
        return row ? { holder: row.holder, fence: Number(row.fence) } : null;
      }),
  };
}
