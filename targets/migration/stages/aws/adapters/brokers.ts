/** Offsets from the brokers themselves: MSK's own lag metrics vanish while a group rebalances. */
import { z } from "zod";
import { StageError } from "../../../stage.ts";
import type { Brokers, StackOutputs } from "../ports.ts";

const attach = z.object({ attach: z.object({ "store.kafka.brokers": z.string().min(1) }) });

/** @throws StageError when the foundation names no brokers; Error when they cannot be reached */
export async function connectBrokers(outputs: StackOutputs, region: string): Promise<Brokers> {
  const read = attach.safeParse(outputs);
  if (!read.success) throw new StageError("The foundation's stack names no brokers.");
  const [{ Kafka, logLevel }, { generateAuthToken }] = await Promise.all([
    import("kafkajs"),
    import("aws-msk-iam-sasl-signer-js"),
  ]);
  const oauthBearerProvider = async () => ({ value: (await generateAuthToken({ region })).token });
  const kafka = new Kafka({
    clientId: "rehearsal",
    brokers: read.data.attach["store.kafka.brokers"].split(","),
    ssl: true,
    sasl: { mechanism: "oauthbearer", oauthBearerProvider },
    logLevel: logLevel.NOTHING,
    retry: { retries: 3 },
  });
  const admin = kafka.admin();
  await admin.connect();
  return {
    lag: async (groupId, topic) => {
      try {
        const [ends, groups] = await Promise.all([
          admin.fetchTopicOffsets(topic),
          admin.fetchOffsets({ groupId, topics: [topic] }),
        ]);
        return lagBetween(ends, groups[0]?.partitions ?? []);
      } catch {
        return null;
      }
    },
    close: () => admin.disconnect(),
  };
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
