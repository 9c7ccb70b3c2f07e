/** How far consumer groups are behind, read from the brokers themselves: metrics vanish while a group rebalances. */
import type { Admin } from "kafkajs";
import type { Workload } from "../../../platform/model/types.ts";

export interface ConsumerGroup {
  readonly group: string;
  readonly topic: string;
}

/** Messages between the end of the topic and what the group has committed; null when the brokers could not say. */
export type Lag = (group: string, topic: string) => Promise<number | null>;

/** Groups of these workloads that both sides share; what each replica reads for itself is nobody else's. */
export function sharedGroups(workloads: readonly Workload[]): readonly ConsumerGroup[] {
  return workloads.flatMap(({ uses }) =>
    uses.flatMap((use) =>
      use.access === "consume" && use.group !== "perReplica" ? [{ group: use.group, topic: use.to.name }] : [],
    ),
  );
}

export function lagBy(admin: Pick<Admin, "fetchTopicOffsets" | "fetchOffsets">): Lag {
  return async (groupId, topic) => {
    try {
      const [ends, groups] = await Promise.all([
        admin.fetchTopicOffsets(topic),
        admin.fetchOffsets({ groupId, topics: [topic] }),
      ]);
      return lagBetween(ends, groups[0]?.partitions ?? []);
    } catch {
      return null;
    }
  };
}

/** Of all groups together; null when the brokers could not say it of one. */
export async function totalLag(groups: readonly ConsumerGroup[], lag: Lag): Promise<number | null> {
  const lags = await Promise.all(groups.map(({ group, topic }) => lag(group, topic)));
  return lags.reduce<number | null>((sum, one) => (sum === null || one === null ? null : sum + one), 0);
}

interface End {
  readonly partition: number;
  readonly high: string;
  readonly low: string;
}

/** -1 is a group that has committed nothing there: it begins at the oldest message. */
export function lagBetween(
  ends: readonly End[],
  committed: readonly { readonly partition: number; readonly offset: string }[],
): number {
  const offsets = new Map(committed.map(({ partition, offset }) => [partition, Number(offset)]));
  return ends.reduce((sum, { partition, high, low }) => {
    const at = offsets.get(partition) ?? -1;
    return sum + Math.max(0, Number(high) - (at < 0 ? Number(low) : at));
  }, 0);
}
