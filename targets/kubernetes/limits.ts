/** What only Kubernetes refuses. */
import type { Problem, Workload } from "../../platform/model/types.ts";
import { pathOf } from "../../platform/model/paths.ts";

/** A CronJob appends 11 characters to its name. @source Kubernetes docs, "CronJob", 2026-11 */
const CRON_JOB_NAME = 52;

export function kubernetesLimits(workload: Workload): readonly Problem[] {
  if (workload.kind !== "job" || !("queue" in workload.trigger)) return nameLimits(workload);
  return [
    {
      code: "queue-trigger",
      path: pathOf(workload, "trigger"),
      found: "queue",
      allowed: "schedule or before: rollout; a plain cluster starts no job for a message",
    },
  ];
}

/** What any cluster refuses, whatever is installed in it. */
export function nameLimits(workload: Workload): readonly Problem[] {
  if (workload.kind !== "job" || !("schedule" in workload.trigger) || workload.name.length <= CRON_JOB_NAME) return [];
  return [
    {
      code: "cron-job-name",
      path: pathOf(workload, "name"),
      found: `${workload.name.length} characters`,
      allowed: `at most ${CRON_JOB_NAME} for a scheduled job`,
    },
  ];
}
