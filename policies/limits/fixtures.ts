/** The same service on both targets, for fixtures: 1 vCPU, 2 GiB, two replicas that may become six. */
import { task } from "../compute/fixtures.ts";
import type { Made } from "../fixtures.ts";
import { made, madeDeployment } from "../kubernetes/fixtures.ts";

export function onEcs(most: number, desired = 2, vcpu = 1): readonly Made[] {
  return [
    {
      type: "aws:ecs/taskDefinition:TaskDefinition",
      name: "api",
      props: task({ cpu: String(1024 * vcpu), memory: "2048" }),
    },
    {
      type: "aws:ecs/service:Service",
      name: "api-service",
      props: { name: "api", desiredCount: desired, capacityProviderStrategies: [{ capacityProvider: "gpu" }] },
      from: { taskDefinition: ["api"] },
    },
    {
      type: "aws:appautoscaling/target:Target",
      name: "api-scaling",
      props: { resourceId: "service/main/api", minCapacity: desired, maxCapacity: most },
      from: { resourceId: ["api-service"] },
    },
  ];
}

export function onKubernetes(most: number, desired = 2, vcpu = 1): readonly Made[] {
  return [
    madeDeployment(desired, { resources: { requests: { cpu: String(vcpu) }, limits: { memory: "2Gi" } } }),
    made("autoscaling/v2:HorizontalPodAutoscaler", "api-scaling", {
      scaleTargetRef: { kind: "Deployment", name: "api" },
      minReplicas: desired,
      maxReplicas: most,
    }),
  ];
}

/** A group of machines behind a capacity provider. */
export function pool(instanceType: string, maxSize: number): readonly Made[] {
  return [
    { type: "aws:ec2/launchTemplate:LaunchTemplate", name: "gpu-template", props: { instanceType } },
    {
      type: "aws:autoscaling/group:Group",
      name: "gpu-group",
      props: { minSize: 0, maxSize },
      from: { launchTemplate: ["gpu-template"] },
    },
    {
      type: "aws:ecs/capacityProvider:CapacityProvider",
      name: "gpu",
      props: { name: "gpu" },
      from: { autoScalingGroupProvider: ["gpu-group"] },
    },
  ];
}
