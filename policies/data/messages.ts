/** SQS and SNS. */
import { z } from "zod";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { queues, topics } from "./subjects.ts";

export const queueEncrypted = resourceRule({
  name: "sqs-encrypted",
  description: "A queue's messages are encrypted at rest.",
  controls: ["SQS.1"],
  severity: "medium",
  remedy: "Set sqsManagedSseEnabled, or kmsMasterKeyId.",
  on: queues,
  *check({ sqsManagedSseEnabled, kmsMasterKeyId }) {
    // Since 2022-10 AWS encrypts a new queue unless it is told not to.
    if (sqsManagedSseEnabled === false && kmsMasterKeyId === undefined) {
      yield { at: "sqsManagedSseEnabled", found: false, allowed: "true, or a key" };
    }
  },
});

export const queueDeadLetters = stackRule({
  name: "sqs-dead-letters",
  description: "A message that can't be handled goes to a dead-letter queue, not round for ever.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Set redrivePolicy to a dead-letter queue and a number of receives.",
  over: [queues],
  *check(graph, _parameters, tell) {
    const dead = new Set(graph.all(queues).flatMap(({ resource }) => comesFrom(resource, "redrivePolicy", queues)));
    for (const { resource, view } of graph.all(queues)) {
      if (dead.has(resource)) continue;
      if (known(() => view().redrivePolicy ?? "none", tell) === "none") {
        yield { at: `${resource.name}.redrivePolicy`, found: undefined, allowed: "a dead-letter queue", on: resource };
      }
    }
  },
});

const DAY_SECONDS = 86_400;

export const deadLettersWait = stackRule({
  name: "sqs-dead-letters-wait",
  description: "A dead letter waits for a person, over a weekend and longer.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Raise the dead-letter queue's messageRetentionSeconds.",
  over: [queues],
  parameters: z.strictObject({ days: z.int().positive().max(14).default(7) }),
  *check(graph, { days }, tell) {
    const dead = new Set(graph.all(queues).flatMap(({ resource }) => comesFrom(resource, "redrivePolicy", queues)));
    for (const { resource, view } of graph.all(queues)) {
      const kept = known(() => (view().messageRetentionSeconds ?? 4 * DAY_SECONDS) / DAY_SECONDS, tell);
      if (dead.has(resource) && kept !== undefined && kept < days) {
        const at = `${resource.name}.messageRetentionSeconds`;
        yield { at, found: `${kept} days`, allowed: `at least ${days} days`, on: resource };
      }
    }
  },
});

export const topicEncrypted = resourceRule({
  name: "sns-encrypted",
  description: "A topic's messages are encrypted by a key, beyond the disks that SNS encrypts by itself.",
  controls: ["SNS.1"],
  severity: "low",
  remedy: "Set kmsMasterKeyId; where CloudWatch publishes, to a customer key that lets it.",
  on: topics,
  *check({ kmsMasterKeyId: found }) {
    if (!found) yield { at: "kmsMasterKeyId", found, allowed: "a key" };
  },
});
