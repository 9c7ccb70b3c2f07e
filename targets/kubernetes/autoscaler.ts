/** Autoscaling → HorizontalPodAutoscaler. Backlog metrics need KEDA, which a plain cluster has not: a declared loss. */
import type { Autoscaling, Model, Service, Worker } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest } from "./forms.ts";
import { metadata } from "./names.ts";

export function autoscaler(
  workload: Service | Worker,
  autoscaling: Autoscaling,
  model: Model,
  settings: Settings,
): Manifest {
  return {
    apiVersion: "autoscaling/v2",
    kind: "HorizontalPodAutoscaler",
    metadata: metadata(workload, model, settings),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: workload.name },
      minReplicas: autoscaling.min,
      maxReplicas: autoscaling.max,
      metrics: autoscaling.on.flatMap((metric) => {
        if ("cpu" in metric) return [utilization("cpu", metric.cpu)];
        return "memory" in metric ? [utilization("memory", metric.memory)] : [];
      }),
      behavior: behavior(autoscaling),
    },
  };
}

/** Cooldowns as an autoscaler has them: growth at most doubles each `out` seconds, shrinking looks back over `in`. */
export function behavior(autoscaling: Autoscaling) {
  return {
    scaleUp: {
      stabilizationWindowSeconds: 0,
      selectPolicy: "Max",
      policies: [{ type: "Percent", value: 100, periodSeconds: autoscaling.out }],
    },
    scaleDown: {
      stabilizationWindowSeconds: autoscaling.in,
      selectPolicy: "Max",
      policies: [{ type: "Percent", value: 100, periodSeconds: 60 }],
    },
  };
}

/** A share of the *request*, which is why the request is all that the workload needs. */
function utilization(name: "cpu" | "memory", averageUtilization: number) {
  return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
}
