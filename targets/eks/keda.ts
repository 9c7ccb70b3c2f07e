/**
 * Scaling on backlog → KEDA, which makes the autoscaler itself and refuses a second one beside it: CPU and memory become
 * triggers among the others. It asks AWS as its own operator.
 */
import { lookup, storeOfTopic } from "../../platform/model/lookup.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Autoscaling, Job, Metric, Model, Seconds, Service, Worker } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { behavior } from "../kubernetes/autoscaler.ts";
import { jobSpec } from "../kubernetes/job.ts";
import { metadata } from "../kubernetes/names.ts";
import type { ScaledJob, ScaledObject, Trigger, TriggerAuthentication } from "./forms.ts";
import { OPERATOR_AUTHENTICATION } from "./names.ts";
import { jobSpecOnEks } from "./pod.ts";

/** How often KEDA asks for the backlog; SQS's own figure is about a minute late anyway. */
const POLLING: Seconds = 15;

export function scalesOnBacklog({ on }: Autoscaling): boolean {
  return on.some((metric) => "lag" in metric || "depth" in metric);
}

export function scaledObject(
  workload: Service | Worker,
  autoscaling: Autoscaling,
  model: Model,
  settings: Settings,
): ScaledObject {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: metadata(workload, model, settings),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: workload.name },
      pollingInterval: POLLING,
      // Counts only on the way to zero, where our minimum never lets it go.
      cooldownPeriod: autoscaling.in,
      minReplicaCount: autoscaling.min,
      maxReplicaCount: autoscaling.max,
      advanced: { horizontalPodAutoscalerConfig: { behavior: behavior(autoscaling) } },
      triggers: autoscaling.on.map((metric) => trigger(metric, model, settings)),
    },
  };
}

/** One run a message, at most so many at once. A message that is being worked on is no longer counted. */
export function scaledJob(
  job: Job,
  { queue, maxParallel }: Extract<Job["trigger"], { queue: unknown }>,
  model: Model,
  settings: Settings,
): ScaledJob {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledJob",
    metadata: metadata(job, model, settings),
    spec: {
      jobTargetRef: jobSpecOnEks(jobSpec(job, model, settings), job, model),
      pollingInterval: POLLING,
      maxReplicaCount: maxParallel,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      // A new version of the job waits for runs that have begun.
      rollout: { strategy: "gradual" },
      scalingStrategy: { strategy: "accurate" },
      triggers: [depthTrigger(queue.name, 1, settings)],
    },
  };
}

export function operatorAuthentication({ namespace }: Settings, labels: Record<string, string>): TriggerAuthentication {
  return {
    apiVersion: "keda.sh/v1alpha1",
    kind: "TriggerAuthentication",
    metadata: { name: OPERATOR_AUTHENTICATION, namespace, labels },
    spec: { podIdentity: { provider: "aws" } },
  };
}

function trigger(metric: Metric, model: Model, settings: Settings): Trigger {
  if ("cpu" in metric) return utilization("cpu", metric.cpu);
  if ("memory" in metric) return utilization("memory", metric.memory);
  if ("depth" in metric) return depthTrigger(metric.depth.name, metric.perReplica, settings);
  return lagTrigger(metric, model, settings);
}

function utilization(type: "cpu" | "memory", percent: number): Trigger {
  return { type, metricType: "Utilization", metadata: { value: String(percent) } };
}

/** Visible messages only, as the ECS side counts them. @source KEDA 2, "AWS SQS Queue" */
function depthTrigger(queue: string, perReplica: number, { region }: Settings): Trigger {
  return {
    type: "aws-sqs-queue",
    metricType: "AverageValue",
    metadata: {
      awsRegion: region,
      queueLength: String(perReplica),
      queueURL: placeholder("queue", queue, "url"),
      scaleOnInFlight: "false",
    },
    authenticationRef: { name: OPERATOR_AUTHENTICATION },
  };
}

/** @source KEDA 2, "Apache Kafka": MSK's IAM is OAUTHBEARER with tokens that the operator signs */
function lagTrigger(
  { lag, group, perReplica }: Extract<Metric, { lag: unknown }>,
  model: Model,
  { region }: Settings,
): Trigger {
  const store = storeOfTopic(lag.name, model);
  const managed = lookup(model).stores.get(store)?.hosting === "managed";
  return {
    type: "kafka",
    metricType: "AverageValue",
    metadata: {
      // A replica more than there are partitions would have nothing to read.
      allowIdleConsumers: "false",
      bootstrapServers: placeholder("store", store, "brokers"),
      consumerGroup: group,
      lagThreshold: String(perReplica),
      topic: lag.name,
      ...(managed
        ? { awsRegion: region, sasl: "oauthbearer", saslTokenProvider: "aws_msk_iam", tls: "enable" }
        : { sasl: "none", tls: "disable" }),
    },
    ...(managed ? { authenticationRef: { name: OPERATOR_AUTHENTICATION } } : {}),
  };
}
