/** What stores may be bought. */
import type * as aws from "@pulumi/aws";
import { z } from "zod";
import { launchTemplates } from "../compute/subjects.ts";
import { brokers, caches, databases } from "../data/subjects.ts";
import { ofType } from "../framework/given.ts";
import { resourceRule } from "../framework/rule.ts";

const volumes = ofType<aws.ebs.VolumeArgs>("aws:ebs/volume:Volume");

export const databaseClasses = resourceRule({
  name: "cost-database-class",
  description: "A database is of a class that somebody has priced for this platform.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Take a class that is named, or add it to the rule's configuration.",
  on: databases,
  parameters: z.strictObject({
    classes: z.array(z.string()).default(["db.t4g.", "db.r7g.large", "db.r7g.xlarge", "db.r7g.2xlarge"]),
  }),
  *check({ instanceClass: found }, { classes }) {
    if (found !== undefined && !starts(found, classes)) {
      yield { at: "instanceClass", found, allowed: classes.join(", ") };
    }
  },
});

export const cacheNodes = resourceRule({
  name: "cost-cache-node",
  description: "A cache's nodes are of a type that somebody has priced for this platform, and not too many.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Take a type that is named and fewer nodes, or change the rule's configuration.",
  on: caches,
  parameters: z.strictObject({
    types: z.array(z.string()).default(["cache.t4g.", "cache.r7g.large", "cache.r7g.xlarge"]),
    nodes: z.int().positive().default(6),
  }),
  *check({ nodeType, numCacheClusters = 1 }, { types, nodes }) {
    if (nodeType !== undefined && !starts(nodeType, types)) {
      yield { at: "nodeType", found: nodeType, allowed: types.join(", ") };
    }
    if (numCacheClusters > nodes)
      yield { at: "numCacheClusters", found: numCacheClusters, allowed: `at most ${nodes}` };
  },
});

export const brokerTypes = resourceRule({
  name: "cost-broker-type",
  description: "Brokers are of a type that somebody has priced for this platform, and not too many.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Take a type that is named and fewer brokers, or change the rule's configuration.",
  on: brokers,
  parameters: z.strictObject({
    types: z.array(z.string()).default(["kafka.t3.small", "kafka.m7g.large", "kafka.m7g.xlarge"]),
    brokers: z.int().positive().default(6),
  }),
  *check({ brokerNodeGroupInfo, numberOfBrokerNodes = 0 }, { types, brokers: most }) {
    const found = brokerNodeGroupInfo?.instanceType;
    if (found !== undefined && !starts(found, types)) {
      yield { at: "brokerNodeGroupInfo.instanceType", found, allowed: types.join(", ") };
    }
    if (numberOfBrokerNodes > most) {
      yield { at: "numberOfBrokerNodes", found: numberOfBrokerNodes, allowed: `at most ${most}` };
    }
  },
});

function starts(found: string, allowed: readonly string[]): boolean {
  return allowed.some((each) => (each.endsWith(".") ? found.startsWith(each) : found === each));
}

export const databaseIops = resourceRule({
  name: "cost-database-iops",
  description: "A database has no more operations a second than somebody has asked for: they cost by the month.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Lower iops, or raise the rule's most.",
  on: databases,
  parameters: z.strictObject({ most: z.int().positive().default(16_000) }),
  *check({ iops: found = 0 }, { most }) {
    if (found > most) yield { at: "iops", found, allowed: `at most ${most}` };
  },
});

export const volumeIops = resourceRule({
  name: "cost-volume-iops",
  description: "A volume has no more operations a second than somebody has asked for: they cost by the month.",
  controls: ["Cost"],
  severity: "medium",
  remedy: "Lower iops, or raise the rule's most.",
  on: volumes,
  parameters: z.strictObject({ most: z.int().positive().default(16_000) }),
  *check({ iops: found = 0 }, { most }) {
    if (found > most) yield { at: "iops", found, allowed: `at most ${most}` };
  },
});

/** What gp3 and io2 have replaced: dearer for the same, or slower. @source EBS user guide, "Volume types", 2026-11 */
const OLD_TYPES: readonly string[] = ["standard", "gp2", "io1"];

export const templateDiskTypes = resourceRule({
  name: "cost-disk-type",
  description: "Machines' disks are of the current types.",
  controls: ["Cost"],
  severity: "low",
  remedy: "Set volumeType to gp3, or io2 where operations count.",
  on: launchTemplates,
  *check({ blockDeviceMappings = [] }) {
    for (const { deviceName = "?", ebs } of blockDeviceMappings) {
      const found = ebs?.volumeType ?? "gp2";
      if (ebs && OLD_TYPES.includes(found)) {
        yield { at: `blockDeviceMappings.${deviceName}.ebs.volumeType`, found, allowed: "gp3 or io2" };
      }
    }
  },
});
