/** Service or worker → Deployment, Service, PodDisruptionBudget. */
import type { Model, Seconds, Service as ServiceWorkload, Worker } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest } from "./forms.ts";
import { labels, metadata, selector } from "./names.ts";
import { podSpec } from "./pod.ts";

/** After so long without progress a rollout counts as failed; Kubernetes itself never goes back, the deploy does. */
const PROGRESS_DEADLINE: Seconds = 600;

export function deployment(workload: ServiceWorkload | Worker, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata(workload, model, settings),
    spec: {
      // With an autoscaler there is no `replicas`: each deploy would undo what it decided.
      ...("singleton" in workload.scaling ? { replicas: 1 } : {}),
      selector: { matchLabels: selector(workload.name) },
      strategy: { type: "RollingUpdate", rollingUpdate: rollingUpdate(workload) },
      progressDeadlineSeconds: Math.max(PROGRESS_DEADLINE, 2 * workload.probes.grace),
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels: labels(workload, model) },
        spec: podSpec(workload, model, settings),
      },
    },
  };
}

interface RollingUpdate {
  readonly maxUnavailable: string | number;
  readonly maxSurge: string | number;
}

/**
 * `maxUnavailable` rounds down, which keeps as many as a rounded-up minimum does. `maxSurge` rounds *up* where the
 * model's maximum rounds down: where the two differ for any count that scaling can reach, it is an absolute number.
 */
function rollingUpdate({ rollout, scaling }: ServiceWorkload | Worker): RollingUpdate {
  if (rollout.strategy === "replaceOneByOne") return { maxUnavailable: "100%", maxSurge: 0 };
  const { min, desired, max } = "singleton" in scaling ? { min: 1, desired: 1, max: 1 } : scaling;
  const extra = rollout.max - 100;
  const maxUnavailable = rollout.minHealthy === 100 ? 0 : `${100 - rollout.minHealthy}%`;
  const exact = Array.from({ length: max - min + 1 }, (_, index) => (min + index) * extra).every(
    (share) => share % 100 === 0,
  );
  const atDesired = Math.floor((desired * extra) / 100);
  // With nothing to spare below and nothing above, nothing could ever be replaced.
  return { maxUnavailable, maxSurge: exact ? `${extra}%` : Math.max(atDesired, maxUnavailable === 0 ? 1 : 0) };
}

export function service(workload: ServiceWorkload, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: metadata(workload, model, settings),
    spec: {
      type: "ClusterIP",
      selector: selector(workload.name),
      ports: [{ name: "http", port: workload.port.number, targetPort: "http", protocol: "TCP" }],
    },
  };
}

/** One at a time, and never in the way of a drain: a pod that is broken anyway may always go. */
export function disruptionBudget(workload: ServiceWorkload | Worker, model: Model, settings: Settings): Manifest {
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata(workload, model, settings),
    spec: {
      maxUnavailable: 1,
      unhealthyPodEvictionPolicy: "AlwaysAllow",
      selector: { matchLabels: selector(workload.name) },
    },
  };
}
