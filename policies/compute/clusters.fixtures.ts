import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./clusters.ts";

const group = { autoScalingGroupArn: "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:1" };

export const fixtures: FixturesOf<typeof rules> = {
  clusterInsights: {
    compliant: { settings: [{ name: "containerInsights", value: "enhanced" }] },
    violating: [{ given: { settings: [{ name: "containerInsights", value: "disabled" }] }, found: "found disabled" }],
    decides: "settings",
    absent: "broken",
  },
  terminationProtection: {
    compliant: { autoScalingGroupProvider: { ...group, managedTerminationProtection: "ENABLED" } },
    violating: [
      {
        given: { autoScalingGroupProvider: { ...group, managedTerminationProtection: "DISABLED" } },
        found: "managedTerminationProtection: found DISABLED",
      },
    ],
    decides: "autoScalingGroupProvider.managedTerminationProtection",
    absent: "broken",
  },
  managedDraining: {
    compliant: { autoScalingGroupProvider: { ...group, managedDraining: "ENABLED" } },
    violating: [
      {
        given: { autoScalingGroupProvider: { ...group, managedDraining: "DISABLED" } },
        found: "managedDraining: found DISABLED",
      },
    ],
    decides: "autoScalingGroupProvider.managedDraining",
    absent: "kept",
  },
};
