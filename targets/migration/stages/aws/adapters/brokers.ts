/** Offsets from the brokers themselves: MSK's own lag metrics vanish while a group rebalances. */
import { z } from "zod";
import { StageError } from "../../../stage.ts";
import { lagBy } from "../../lag.ts";
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
  return { lag: lagBy(admin), close: () => admin.disconnect() };
}
