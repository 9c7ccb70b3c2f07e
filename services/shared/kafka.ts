import { Kafka, type KafkaConfig, logLevel, type LogEntry, Partitioners, type Producer } from "kafkajs";

import { iamToken, regionOf, type SignToken } from "./kafka-iam.ts";
import type { Logger } from "./logging.ts";

export type { Admin, Batch, EachBatchPayload, IHeaders, Kafka, Message, Producer } from "kafkajs";

export interface KafkaOptions {
  readonly brokers: readonly string[];
  readonly security: "plaintext" | "tls" | "iam";
  /** What `iam` signs for. @default the region in the brokers' own names */
  readonly region?: string | undefined;
  /** @default AWS's signer, with the credentials that the task's role gives */
  readonly sign?: SignToken;
  /** Shown in the brokers' logs and quotas. */
  readonly clientId: string;
  readonly log: Logger;
}

/**
 * Times for failure detection, in milliseconds. kafkajs beats only between fetches, so `maxWait` bounds how late a
 * rebalance is noticed; 6 s is the shortest session that brokers accept by default.
 */
export const CONSUMER_TIMES = {
  sessionTimeout: 6_000,
  rebalanceTimeout: 6_000,
  heartbeatInterval: 500,
  maxWaitTimeInMs: 500,
} as const;

/** Short series of attempts; whoever uses the client repeats the whole series for ever, with its own back-off. */
export const RETRY = { initialRetryTime: 100, maxRetryTime: 1_000, retries: 5 } as const;

/** A client whose log goes through ours. */
export function createKafka({ brokers, security, region, sign, clientId, log }: KafkaOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    ...transport(security, region ?? regionOf(brokers), sign),
    clientId,
    connectionTimeout: 2_000,
    requestTimeout: 5_000,
    retry: RETRY,
    logLevel: logLevel.INFO,
    logCreator: () => bridge(log),
  });
}

/**
 * How a connection is protected, and by what a client says who it is. MSK takes an IAM identity as an OAuth token.
 *
 * @throws Error for `iam` without a region: neither AWS_REGION nor the brokers' names say one
 */
export function transport(
  security: KafkaOptions["security"],
  region: string | undefined,
  sign: SignToken = iamToken,
): Pick<KafkaConfig, "ssl" | "sasl"> {
  if (security !== "iam") return { ssl: security === "tls" };
  if (region === undefined) throw new Error("KAFKA_SECURITY is iam, but AWS_REGION is missing.");
  return {
    ssl: true,
    sasl: { mechanism: "oauthbearer", oauthBearerProvider: async () => ({ value: await sign(region) }) },
  };
}

/** A warning that we have an answer to: `createSender` starts a new producer after a failure. */
const LIMITED_RETRIES = "Limiting retries for the idempotent producer";

/** kafkajs tells of each attempt that failed as an error, though it tries again: those are warnings here. */
function bridge(log: Logger) {
  return ({ level, namespace, log: { message, error, groupId, topic, partition } }: LogEntry): void => {
    const known: Record<string, unknown> = {
      error: error as unknown,
      groupId: groupId as unknown,
      topic: topic as unknown,
    };
    const detail: Record<string, unknown> = { kafka: namespace, partition: partition as unknown };
    for (const [key, value] of Object.entries(known)) if (typeof value === "string") detail[key] = value;
    if (message.startsWith(LIMITED_RETRIES)) return;
    if (level === logLevel.ERROR || level === logLevel.WARN) log.warn(detail, message);
    else log.debug(detail, message);
  };
}

/**
 * An idempotent producer: acknowledged by all in-sync replicas, one request under way at a time, so that retries inside
 * one `send` neither double nor reorder. Partition by key as the Java client does.
 */
export function createProducer(kafka: Kafka): Producer {
  return kafka.producer({
    idempotent: true,
    maxInFlightRequests: 1,
    allowAutoTopicCreation: false,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
}

/** Deletes an empty consumer group; one that is gone already is fine. */
export async function deleteGroup(kafka: Kafka, groupId: string): Promise<void> {
  const admin = kafka.admin({ retry: { retries: 2 } });
  await admin.connect();
  try {
    await admin.deleteGroups([groupId]);
  } finally {
    await admin.disconnect();
  }
}
