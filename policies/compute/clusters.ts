/** The cluster and the capacity that it hands out. */
import { resourceRule } from "../framework/rule.ts";
import { capacityProviders, clusters } from "./subjects.ts";

const INSIGHTS: readonly string[] = ["enabled", "enhanced"];

export const clusterInsights = resourceRule({
  name: "ecs-cluster-insights",
  description: "The cluster measures what its tasks use.",
  controls: ["ECS.12"],
  severity: "medium",
  remedy: "Set the cluster's containerInsights to enhanced, or to enabled.",
  on: clusters,
  *check({ settings = [] }) {
    const found = settings.find(({ name }) => name === "containerInsights")?.value;
    if (found === undefined || !INSIGHTS.includes(found)) {
      yield { at: "settings.containerInsights", found, allowed: INSIGHTS.join(" or ") };
    }
  },
  mend: ({ settings = [] }) => ({
    settings: [
      ...settings.filter(({ name }) => name !== "containerInsights"),
      { name: "containerInsights", value: "enabled" },
    ],
  }),
});

export const terminationProtection = resourceRule({
  name: "ecs-capacity-termination-protection",
  description: "Scaling in never ends an instance on which tasks run.",
  controls: ["ECS.19"],
  severity: "medium",
  remedy: "Set managedTerminationProtection to ENABLED, and protectFromScaleIn on the group.",
  on: capacityProviders,
  *check({ autoScalingGroupProvider: provider }) {
    if (provider && provider.managedTerminationProtection !== "ENABLED") {
      const at = "autoScalingGroupProvider.managedTerminationProtection";
      yield { at, found: provider.managedTerminationProtection, allowed: "ENABLED" };
    }
  },
});

export const managedDraining = resourceRule({
  name: "ecs-capacity-draining",
  description: "An instance that goes away lets its tasks move first.",
  controls: ["ECS.19"],
  severity: "low",
  remedy: "Set managedDraining to ENABLED, or leave it out.",
  on: capacityProviders,
  *check({ autoScalingGroupProvider: provider }) {
    if (provider?.managedDraining === "DISABLED") {
      yield { at: "autoScalingGroupProvider.managedDraining", found: "DISABLED", allowed: "ENABLED" };
    }
  },
});
