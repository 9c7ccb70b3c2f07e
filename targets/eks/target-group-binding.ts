/** A Service's pods → targets of EKS's own target group, which the load balancer has beside ECS's. */
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Model, Service } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { metadata } from "../kubernetes/names.ts";
import type { TargetGroupBinding } from "./forms.ts";

/**
 * Puts the Service's pods into the group. It names no `networking`: the pods' own security group admits the edge, and
 * the controller's rule would be the same one again.
 */
export function targetGroupBinding(workload: Service, model: Model, settings: Settings): TargetGroupBinding {
  return {
    apiVersion: "elbv2.k8s.aws/v1beta1",
    kind: "TargetGroupBinding",
    metadata: metadata(workload, model, settings),
    spec: {
      serviceRef: { name: workload.name, port: "http" },
      targetGroupARN: placeholder("targetGroup", workload.name, "arn"),
      targetType: "ip",
    },
  };
}

/** Pods of a namespace with this label are ready only when their target is. @source AWS Load Balancer Controller docs */
export const READINESS_GATE = { "elbv2.k8s.aws/pod-readiness-gate-inject": "enabled" } as const;
