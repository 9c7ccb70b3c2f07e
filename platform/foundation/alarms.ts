/** What wakes somebody: a topic, and alarms on what is shared. A side's own alarms are the side's. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { ApiGateway } from "./api-gateway.ts";
import type { Edge } from "./edge.ts";
import type { Queues } from "./messaging.ts";
import type { StoreAnswers } from "./store.ts";

export interface AlarmForm {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: Record<string, pulumi.Input<string>>;
  readonly statistic: "Sum" | "Maximum" | "Minimum" | "Average";
  readonly comparisonOperator: "GreaterThanThreshold" | "LessThanThreshold";
  readonly threshold: number;
  /** One-minute periods in a row. */
  readonly minutes: number;
  readonly description: string;
}

/** CloudWatch has no 5xx series while there is no 5xx: what is missing is not wrong. */
export function createAlarm(
  name: string,
  form: AlarmForm,
  topic: { readonly arn: pulumi.Output<string> },
  tags: Record<string, string>,
): aws.cloudwatch.MetricAlarm {
  const { minutes, description, ...metric } = form;
  return new aws.cloudwatch.MetricAlarm(name, {
    ...metric,
    alarmDescription: description,
    period: 60,
    evaluationPeriods: minutes,
    treatMissingData: "notBreaching",
    alarmActions: [topic.arn],
    okActions: [topic.arn],
    tags,
  });
}

const GIB_BYTES = 1024 ** 3;
const FREE_STORAGE_GIB = 10;
const CPU_PERCENT = 85;

export function createAlarms(
  context: Context,
  edge: Edge,
  api: ApiGateway,
  queues: Queues,
  stores: Readonly<Record<string, StoreAnswers>>,
): aws.sns.Topic {
  const { model, name, tags } = context;
  // Under AWS's own key CloudWatch could not publish here; what an alarm says is no secret.
  const topic = new aws.sns.Topic("alarms", {
    name: name("alarms"),
    tags: tags("alarms"),
  });
  const alarm = (alarmName: string, form: AlarmForm) => createAlarm(alarmName, form, topic, tags(alarmName));
  const errors = { statistic: "Sum", comparisonOperator: "GreaterThanThreshold", threshold: 10, minutes: 5 } as const;
  for (const [name, { arnSuffix }] of [
    ["edge-5xx", edge.streams],
    ["edge-internal-5xx", edge.api],
  ] as const) {
    alarm(name, {
      ...errors,
      namespace: "AWS/ApplicationELB",
      metricName: "HTTPCode_ELB_5XX_Count",
      dimensions: { LoadBalancer: arnSuffix },
      description: "The load balancer itself answers with errors",
    });
  }
  alarm("api-5xx", {
    ...errors,
    namespace: "AWS/ApiGateway",
    metricName: "5xx",
    dimensions: { ApiId: api.id },
    description: "Clients of the API get errors, whoever makes them",
  });
  for (const [queue, { dead }] of Object.entries(queues)) {
    alarm(`${queue}-dead`, {
      namespace: "AWS/SQS",
      metricName: "ApproximateNumberOfMessagesVisible",
      dimensions: { QueueName: dead.name },
      statistic: "Maximum",
      comparisonOperator: "GreaterThanThreshold",
      threshold: 0,
      minutes: 1,
      description: `${queue} has a dead letter`,
    });
  }
  for (const { name: store, kind } of model.stores) {
    const identifier = stores[store]?.attributes["identifier"];
    if (kind === "postgres" && identifier) databaseAlarms(store, identifier, alarm);
  }
  return topic;
}

function databaseAlarms(
  store: string,
  identifier: pulumi.Output<string>,
  alarm: (name: string, form: AlarmForm) => aws.cloudwatch.MetricAlarm,
): void {
  const common = { namespace: "AWS/RDS", dimensions: { DBInstanceIdentifier: identifier }, minutes: 5 } as const;
  alarm(`${store}-storage`, {
    ...common,
    metricName: "FreeStorageSpace",
    statistic: "Minimum",
    comparisonOperator: "LessThanThreshold",
    threshold: FREE_STORAGE_GIB * GIB_BYTES,
    description: `${store} runs out of disk`,
  });
  alarm(`${store}-cpu`, {
    ...common,
    metricName: "CPUUtilization",
    statistic: "Average",
    comparisonOperator: "GreaterThanThreshold",
    threshold: CPU_PERCENT,
    description: `${store} is busy`,
  });
}
