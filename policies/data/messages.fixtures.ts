import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./messages.ts";

const QUEUE = "aws:sqs/queue:Queue";
const REDRIVE = JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:us-east-1:123456789012:dead", maxReceiveCount: 5 });

const withDead = (queue: object, dead: object): readonly Made[] => [
  { type: QUEUE, name: "requests", props: queue, from: { redrivePolicy: ["dead"] } },
  { type: QUEUE, name: "dead", props: dead },
];
const alone = (queue: object): readonly Made[] => [{ type: QUEUE, name: "requests", props: queue }];

export const fixtures: FixturesOf<typeof rules> = {
  queueEncrypted: {
    compliant: { sqsManagedSseEnabled: true },
    violating: [{ given: { sqsManagedSseEnabled: false }, found: "found false" }],
    decides: "sqsManagedSseEnabled",
    absent: "kept",
  },
  queueDeadLetters: {
    compliant: withDead({ redrivePolicy: REDRIVE }, {}),
    violating: [{ given: alone({}), found: "requests.redrivePolicy: found nothing" }],
    decides: "requests.redrivePolicy",
    absent: "broken",
  },
  deadLettersWait: {
    compliant: withDead({ redrivePolicy: REDRIVE }, { messageRetentionSeconds: 1_209_600 }),
    violating: [
      {
        given: withDead({ redrivePolicy: REDRIVE }, { messageRetentionSeconds: 86_400 }),
        found: "dead.messageRetentionSeconds: found 1 days",
      },
    ],
    decides: "dead.messageRetentionSeconds",
    absent: "broken",
    configured: [
      { config: { days: 4 }, given: withDead({ redrivePolicy: REDRIVE }, {}), then: "kept" },
      {
        config: { days: 14 },
        given: withDead({ redrivePolicy: REDRIVE }, { messageRetentionSeconds: 604_800 }),
        then: "broken",
      },
    ],
  },
  topicEncrypted: {
    compliant: { kmsMasterKeyId: "alias/topics" },
    violating: [{ given: { kmsMasterKeyId: "" }, found: "kmsMasterKeyId: found" }],
    decides: "kmsMasterKeyId",
    absent: "broken",
  },
};
