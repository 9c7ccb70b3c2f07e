/** What is bought. */
import { added, all, at, type Table } from "./mutation.ts";

const gateway = (name: string) =>
  added("aws:ec2/natGateway:NatGateway", name, { subnetId: `public-${name}`, allocationId: name });

export const cost: Table = {
  "prod ecs": [
    [
      "takes brokers of the largest kind",
      at("aws:msk/cluster:Cluster", "kafka").set("brokerNodeGroupInfo.instanceType", "kafka.m5.24xlarge"),
      "cost-broker-type",
    ],
    [
      "takes cache nodes of the largest kind",
      at("aws:elasticache/replicationGroup:ReplicationGroup", "redis").set("nodeType", "cache.r7g.16xlarge"),
      "cost-cache-node",
    ],
    [
      "takes a database of the largest kind",
      at("aws:rds/instance:Instance", "database").set("instanceClass", "db.x2g.16xlarge"),
      "cost-database-class",
    ],
    [
      "buys a database's operations",
      at("aws:rds/instance:Instance", "database").set("iops", 64000),
      "cost-database-iops",
    ],
    [
      "takes machines that nobody priced",
      at("aws:ec2/launchTemplate:LaunchTemplate", "cryptotracker-gpu-a100").set("instanceType", "p5.48xlarge"),
      "cost-machine-families",
    ],
    [
      "takes disks of the last generation",
      at("aws:ec2/launchTemplate:LaunchTemplate", "cryptotracker-gpu-a100").set(
        "blockDeviceMappings.0.ebs.volumeType",
        "gp2",
      ),
      "cost-disk-type",
    ],
    [
      "puts the API on spot",
      at("aws:ecs/service:Service", "api-service").set("capacityProviderStrategies", [
        { capacityProvider: "FARGATE_SPOT", weight: 1 },
      ]),
      "cost-spot-only-interruptible",
    ],
    [
      "buys a volume's operations",
      added("aws:ebs/volume:Volume", "fast", {
        size: 500,
        type: "io2",
        iops: 256000,
        encrypted: true,
        availabilityZone: "us-east-1a",
      }),
      "cost-volume-iops",
    ],
    ["adds NAT gateways", all(...["a", "b", "c", "d"].map(gateway)), "cost-nat-gateways"],
  ],
  "prod eks": [
    [
      "binds the API to spot nodes",
      at("kubernetes:apps/v1:Deployment", "api-service").set("spec.template.spec.nodeSelector", {
        "cryptotracker.internal/purchase": "spot",
      }),
      "cost-pods-not-on-spot",
    ],
  ],
};
