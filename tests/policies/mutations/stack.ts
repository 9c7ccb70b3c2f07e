/** What points at what: each part is in order, and together they are not. */
import { added, all, at, type Table } from "./mutation.ts";

const SCALING = "aws:appautoscaling/policy:Policy";
const HPA = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const METADATA = { name: "second", namespace: "cryptotracker" };

export const stack: Table = {
  "prod ecs": [
    [
      "leaves a task definition that nobody runs",
      at("aws:ecs/service:Service", "alert-service").gone,
      "stack-task-definition-used",
    ],
    [
      "leaves a security group that guards nothing",
      added("aws:ec2/securityGroup:SecurityGroup", "legacy", { vpcId: "main-id", description: "Once" }),
      "stack-security-group-used",
    ],
    [
      "leaves a role that nobody has",
      added("aws:iam/role:Role", "legacy", {
        assumeRolePolicy:
          '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
      }),
      "stack-role-used",
    ],
    [
      "makes a target group that no listener knows",
      added("aws:lb/targetGroup:TargetGroup", "lost", {
        name: "lost",
        targetType: "ip",
        port: 80,
        protocol: "HTTP",
        vpcId: "main-id",
      }),
      "stack-target-group-known",
    ],
    [
      "fills one target group from two services",
      at("aws:ecs/service:Service", "auth-service").set("loadBalancers", fills("cryptotracker-api-ecs"), {
        loadBalancers: [["aws:lb/targetGroup:TargetGroup", "api-service"]],
      }),
      "stack-service-target-group",
    ],
    [
      "starts below what scaling keeps",
      at("aws:ecs/service:Service", "api-service").set("desiredCount", 2),
      "stack-desired-within-scaling",
    ],
    [
      "scales by nothing",
      all(at(SCALING, "api-service-cpu").gone, at(SCALING, "api-service-memory").gone),
      "stack-scaling-policy",
    ],
    [
      "shifts traffic in the stack of the listener",
      at("aws:lb/listenerRule:ListenerRule", "default-api-service-api-*").set("actions.0", {
        type: "forward",
        forward: {
          targetGroups: [
            { arn: "blue", weight: 90 },
            { arn: "green", weight: 10 },
          ],
        },
      }),
      "stack-weights-alone",
    ],
  ],
  "prod eks": [
    [
      "scales a workload that there is not",
      at(HPA, "api-service").set("spec.scaleTargetRef.name", "api"),
      "stack-autoscaler-target",
    ],
    [
      "scales a workload twice",
      added(HPA, "second", {
        metadata: METADATA,
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "api-service" },
          minReplicas: 3,
          maxReplicas: 6,
        },
      }),
      "stack-autoscaler-once",
    ],
    [
      "selects pods that there are not",
      at("kubernetes:core/v1:Service", "api-service").set("spec.selector", { app: "api" }),
      "stack-service-selects",
    ],
    [
      "binds a Service that there is not",
      at("kubernetes:elbv2.k8s.aws/v1beta1:TargetGroupBinding", "api-service").set("spec.serviceRef.name", "api"),
      "stack-binding-service",
    ],
    [
      "guards pods that there are not",
      at("kubernetes:vpcresources.k8s.aws/v1beta1:SecurityGroupPolicy", "api-service").set(
        "spec.podSelector.matchLabels",
        { app: "api" },
      ),
      "stack-pod-group-selects",
    ],
  ],
};

function fills(group: string) {
  return [
    {
      containerName: "auth",
      containerPort: 3002,
      targetGroupArn: `arn:aws:lb:us-east-1:123456789012:TargetGroup/${group}`,
    },
  ];
}
