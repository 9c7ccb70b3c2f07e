/** Job → CronJob, or a Job that a rollout waits for. */
import type { Job as JobWorkload, Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Job, Manifest } from "./forms.ts";
import { labels, metadata } from "./names.ts";
import { podSpec } from "./pod.ts";

export function cronJob(workload: JobWorkload, schedule: string, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "CronJob",
    metadata: metadata(workload, model, settings),
    spec: {
      schedule,
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        metadata: { labels: labels(workload, model) },
        spec: jobSpec(workload, model, settings),
      },
    },
  };
}

export function jobBeforeRollout(workload: JobWorkload, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata(workload, model, settings),
    spec: jobSpec(workload, model, settings),
  };
}

export function jobSpec(workload: JobWorkload, model: Model, settings: Settings): NonNullable<Job["spec"]> {
  return {
    backoffLimit: workload.attempts - 1,
    activeDeadlineSeconds: workload.deadline,
    completions: 1,
    parallelism: 1,
    template: {
      metadata: { labels: labels(workload, model) },
      spec: podSpec(workload, model, settings),
    },
  };
}
