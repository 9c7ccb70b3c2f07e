/** SNS topic → SQS queue → dead-letter queue, for each queue of the catalogue: what is asked for asynchronously. */
import * as aws from "@pulumi/aws";
import { policy } from "./policy.ts";
import type { Context } from "./context.ts";

export interface Messages {
  readonly queue: aws.sqs.Queue;
  readonly dead: aws.sqs.Queue;
  /** Whoever publishes here reaches the queue, and whoever subscribes later reads along. */
  readonly topic: aws.sns.Topic;
}

/** By the queue's name. */
export type Queues = Readonly<Record<string, Messages>>;

const DAY_SECONDS = 86_400;
/** SQS's longest; a dead letter waits for a person. */
const DEAD_RETENTION_SECONDS = 14 * DAY_SECONDS;
const RETENTION_SECONDS = 4 * DAY_SECONDS;
/** Long polling: an empty queue costs one call in twenty seconds. */
const WAIT_SECONDS = 20;

export function createQueues({ model, name, tags }: Context): Queues {
  return Object.fromEntries(
    model.queues.map((each) => {
      const encrypted = { sqsManagedSseEnabled: true };
      const dead = new aws.sqs.Queue(`${each.name}-dead`, {
        name: name(`${each.name}-dead`),
        messageRetentionSeconds: DEAD_RETENTION_SECONDS,
        ...encrypted,
        tags: tags(`${each.name}-dead`),
      });
      const queue = new aws.sqs.Queue(each.name, {
        name: name(each.name),
        visibilityTimeoutSeconds: each.visibility,
        messageRetentionSeconds: RETENTION_SECONDS,
        receiveWaitTimeSeconds: WAIT_SECONDS,
        redrivePolicy: dead.arn.apply((arn) =>
          JSON.stringify({ deadLetterTargetArn: arn, maxReceiveCount: each.maxReceives }),
        ),
        ...encrypted,
        tags: tags(each.name),
      });
      // The other half of the pair: no other queue may fill this one's dead letters.
      new aws.sqs.RedriveAllowPolicy(`${each.name}-dead`, {
        queueUrl: dead.url,
        redriveAllowPolicy: queue.arn.apply((arn) =>
          JSON.stringify({ redrivePermission: "byQueue", sourceQueueArns: [arn] }),
        ),
      });
      return [each.name, { queue, dead, topic: publishTo(each.name, queue, name(each.name), tags(each.name)) }];
    }),
  );
}

function publishTo(name: string, queue: aws.sqs.Queue, physical: string, tags: Record<string, string>): aws.sns.Topic {
  const topic = new aws.sns.Topic(name, { name: physical, tags });
  const permission = new aws.sqs.QueuePolicy(name, {
    queueUrl: queue.url,
    policy: policy([
      {
        principal: { Service: "sns.amazonaws.com" },
        actions: ["sqs:SendMessage"],
        resources: [queue.arn],
        condition: { ArnEquals: { "aws:SourceArn": topic.arn } },
      },
    ]),
  });
  new aws.sns.TopicSubscription(
    name,
    { topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true },
    { dependsOn: [permission] },
  );
  return topic;
}
