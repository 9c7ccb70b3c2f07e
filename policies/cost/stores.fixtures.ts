import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./stores.ts";

const CACHE = { description: "sessions" };
const brokers = (instanceType: string, numberOfBrokerNodes = 3) => ({
  kafkaVersion: "3.9.x",
  numberOfBrokerNodes,
  brokerNodeGroupInfo: { clientSubnets: ["subnet-1"], instanceType, securityGroups: ["sg-1"] },
});
const disk = (volumeType: string) => ({ blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { volumeType } }] });

export const fixtures: FixturesOf<typeof rules> = {
  databaseClasses: {
    compliant: { instanceClass: "db.t4g.medium" },
    violating: [{ given: { instanceClass: "db.x2iedn.32xlarge" }, found: "found db.x2iedn.32xlarge" }],
    decides: "instanceClass",
    absent: "kept",
    configured: [{ config: { classes: ["db.m7g.large"] }, given: { instanceClass: "db.r7g.large" }, then: "broken" }],
  },
  cacheNodes: {
    compliant: { ...CACHE, nodeType: "cache.r7g.large", numCacheClusters: 3 },
    violating: [
      { given: { ...CACHE, nodeType: "cache.r7g.16xlarge" }, found: "found cache.r7g.16xlarge" },
      { given: { ...CACHE, numCacheClusters: 7 }, found: "numCacheClusters: found 7" },
    ],
    decides: "nodeType",
    absent: "kept",
    configured: [
      { config: { nodes: 2 }, given: { ...CACHE, numCacheClusters: 3 }, then: "broken" },
      { config: { types: ["cache.m7g."] }, given: { ...CACHE, nodeType: "cache.m7g.large" }, then: "kept" },
    ],
  },
  brokerTypes: {
    compliant: brokers("kafka.m7g.large"),
    violating: [
      { given: brokers("kafka.m7g.16xlarge"), found: "found kafka.m7g.16xlarge" },
      { given: brokers("kafka.m7g.large", 9), found: "numberOfBrokerNodes: found 9" },
    ],
    decides: "brokerNodeGroupInfo.instanceType",
    absent: "kept",
    configured: [
      { config: { brokers: 9 }, given: brokers("kafka.m7g.large", 9), then: "kept" },
      { config: { types: ["kafka.t3.small"] }, given: brokers("kafka.m7g.large"), then: "broken" },
    ],
  },
  databaseIops: {
    compliant: { instanceClass: "db.r7g.large", iops: 12_000 },
    violating: [{ given: { instanceClass: "db.r7g.large", iops: 64_000 }, found: "found 64000" }],
    decides: "iops",
    absent: "kept",
    configured: [{ config: { most: 3000 }, given: { instanceClass: "db.r7g.large", iops: 12_000 }, then: "broken" }],
  },
  volumeIops: {
    compliant: { availabilityZone: "us-east-1a", iops: 6000 },
    violating: [{ given: { availabilityZone: "us-east-1a", iops: 64_000 }, found: "found 64000" }],
    decides: "iops",
    absent: "kept",
    configured: [{ config: { most: 3000 }, given: { availabilityZone: "us-east-1a", iops: 6000 }, then: "broken" }],
  },
  templateDiskTypes: {
    compliant: disk("gp3"),
    violating: [
      { given: disk("gp2"), found: "found gp2" },
      { given: { blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: {} }] }, found: "found gp2" },
    ],
    decides: "blockDeviceMappings",
    absent: "kept",
  },
};
