/** Creates what nothing else creates, and waits until consumer groups can be formed. */
import { setTimeout as sleep } from "node:timers/promises";
import { Kafka, logLevel } from "kafkajs";
import { PrerequisiteError, messageOf } from "../errors.ts";
import type { TopicSpec } from "./types.ts";

/** A broker that has just started refuses for a moment, while its coordinators load. */
const PATIENCE_MILLISECONDS = 30_000;
const PAUSE_MILLISECONDS = 100;
/** A group that never has members: asking for its offsets makes the broker create its own topic for offsets. */
const PROBE_GROUP = "data-plane-probe";

/** `brokers`: `host:port`, comma-separated. Existing topics stay as they are. @throws PrerequisiteError, AbortError */
export async function createTopics(brokers: string, topics: readonly TopicSpec[], signal?: AbortSignal): Promise<void> {
  const kafka = new Kafka({
    clientId: "data-plane",
    brokers: brokers.split(","),
    logLevel: logLevel.NOTHING,
    connectionTimeout: 2000,
    retry: { retries: 0 },
  });
  const deadline = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    signal?.throwIfAborted();
    const admin = kafka.admin();
    try {
      await admin.connect();
      await admin.createTopics({
        waitForLeaders: true,
        topics: topics.map(({ name, partitions }) => ({ topic: name, numPartitions: partitions })),
      });
      await admin.fetchOffsets({ groupId: PROBE_GROUP });
      return;
    } catch (error) {
      if (performance.now() > deadline)
        throw new PrerequisiteError({
          what: "Kafka",
          why: `at ${brokers} the topics could not be created (${messageOf(error)})`,
          remedy: "Check that KAFKA_BROKERS, if you set it, names a running cluster that lets you create topics.",
        });
      await sleep(PAUSE_MILLISECONDS);
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}
