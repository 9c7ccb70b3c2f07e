/** Amounts and what they cost. */
import { added, at, type Table } from "./mutation.ts";

const scaling = (name: string) => at("aws:appautoscaling/target:Target", name);
const P4D = {
  instanceType: "p4d.24xlarge",
  metadataOptions: { httpTokens: "required", httpPutResponseHopLimit: 1 },
  rootBlockDevice: { encrypted: true },
};

export const limits: Table = {
  "dev ecs": [
    ["scales the API to 60", scaling("api-service").set("maxCapacity", 60), "limits-service-worst-case"],
    [
      "scales sentiment until the stack is full",
      scaling("sentiment-processor").set("maxCapacity", 40),
      "limits-stack-worst-case",
    ],
    [
      "keeps 50 tasks running",
      at("aws:ecs/service:Service", "api-service").set("desiredCount", 50),
      "limits-service-desired",
    ],
    [
      "keeps 150 tasks of 4 vCPU running",
      at("aws:ecs/service:Service", "sentiment-processor").set("desiredCount", 150),
      "limits-stack-desired",
    ],
    [
      "sells 32 vCPU as one task",
      at("aws:ecs/taskDefinition:TaskDefinition", "ml-inference-service").set("cpu", "32768"),
      "limits-replica-size",
    ],
    [
      "lets a group grow to 40 GPUs",
      at("aws:autoscaling/group:Group", "cryptotracker-gpu-a10g").set("maxSize", 40),
      "limits-machines-worst-case",
    ],
    [
      "lets a group have none",
      at("aws:autoscaling/group:Group", "cryptotracker-gpu-a10g").set("maxSize", 0),
      "limits-machines-hold",
    ],
    [
      "lets a database grow to 16 TiB",
      at("aws:rds/instance:Instance", "database").set("maxAllocatedStorage", 16384),
      "limits-stack-storage",
    ],
    [
      "gives brokers 5 TiB each",
      at("aws:msk/cluster:Cluster", "kafka").set("brokerNodeGroupInfo.storageInfo.ebsStorageInfo.volumeSize", 5000),
      "limits-stack-storage",
    ],
    ["adds a p4d by hand", added("aws:ec2/instance:Instance", "trainer", P4D), "stack-monthly-cost"],
    [
      "buys 600 cache nodes",
      at("aws:elasticache/replicationGroup:ReplicationGroup", "redis").set("numCacheClusters", 600),
      "stack-monthly-cost",
    ],
  ],
  "dev eks": [
    [
      "scales the API's pods to 60",
      at("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "api-service").set("spec.maxReplicas", 60),
      "limits-service-worst-case",
    ],
    [
      "scales without an end",
      at("kubernetes:keda.sh/v1alpha1:ScaledObject", "sentiment-processor").without("spec.maxReplicaCount"),
      "limits-scaling-has-an-end",
    ],
    [
      "keeps 100 pods running",
      at("kubernetes:apps/v1:Deployment", "api-service").set("spec.replicas", 100),
      "limits-service-desired",
    ],
    [
      "limits a pod at 512 GiB",
      at("kubernetes:apps/v1:Deployment", "api-service").set(
        "spec.template.spec.containers.0.resources.limits.memory",
        "512Gi",
      ),
      "limits-replica-size",
    ],
    [
      "lets nodes grow to 200",
      at("aws:eks/nodeGroup:NodeGroup", "general").set("scalingConfig.maxSize", 200),
      "limits-machines-worst-case",
    ],
    [
      "lets nodes grow to two",
      at("aws:eks/nodeGroup:NodeGroup", "general").set("scalingConfig", { minSize: 1, desiredSize: 1, maxSize: 2 }),
      "limits-machines-hold",
    ],
    [
      "makes the general nodes the largest that are",
      at("aws:eks/nodeGroup:NodeGroup", "general").set("instanceTypes", ["m7i.4xlarge"]),
      "stack-monthly-cost",
    ],
  ],
  "prod ecs": [["adds a p4d by hand", added("aws:ec2/instance:Instance", "trainer", P4D), "stack-monthly-cost"]],
  "prod eks": [
    ["adds a p4d by hand", added("aws:ec2/instance:Instance", "trainer", P4D), "stack-monthly-cost"],
    [
      "keeps a second GPU node at all times",
      at("aws:eks/nodeGroup:NodeGroup", "gpu-a100").set("scalingConfig", { minSize: 2, desiredSize: 2, maxSize: 2 }),
      "stack-monthly-cost",
    ],
  ],
};
