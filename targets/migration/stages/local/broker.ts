/** How far a consumer group is behind, read from the brokers themselves: metrics vanish while a group rebalances. */
import { Kafka, logLevel, type Admin } from "kafkajs";

export interface Broker {
  /** Messages between the end of the topic and what the group has committed; null when the brokers could not say. */
  lag(group: string, topic: string): Promise<number | null>;
  /** Messages that a topic holds. */
  messages(topic: string): Promise<number>;
  stop(): Promise<void>;
}

export async function connectBroker(brokers: string): Promise<Broker> {
  const kafka = new Kafka({
    clientId: "rehearsal",
    brokers: brokers.split(","),
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  });
  const admin: Admin = kafka.admin();
  await admin.connect();
  return {
    lag: async (groupId, topic) => {
      try {
        const [ends, groups] = await Promise.all([
          admin.fetchTopicOffsets(topic),
          admin.fetchOffsets({ groupId, topics: [topic] }),
        ]);
        const committed = new Map(
          (groups[0]?.partitions ?? []).map(({ partition, offset }) => [partition, Number(offset)]),
        );
        // -1 is a group that has committed nothing there: it begins at the oldest message.
        return ends.reduce((sum, { partition, high, low }) => {
          const at = committed.get(partition) ?? -1;
          return sum + Math.max(0, Number(high) - (at < 0 ? Number(low) : at));
        }, 0);
      } catch {
        return null;
      }
    },
    messages: async (topic) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
    },
    stop: () => admin.disconnect(),
  };
}
