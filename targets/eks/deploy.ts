/** Compiled EKS form → a cluster and what runs in it, in the order in which they need each other. */
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import { trialRules, type Side } from "../alb/index.ts";
import { createServiceAlarms } from "../aws/deploy-alarms.ts";
import { awsContext } from "../aws/deploy-context.ts";
import { createDashboard, type Metric } from "../aws/deploy-dashboard.ts";
import { createGroups, createRules } from "../aws/deploy-security-groups.ts";
import { createRoutes } from "../aws/deploy-target-groups.ts";
import type { Compiled } from "../target.ts";
import { createCluster } from "./deploy-cluster.ts";
import { createIdentities } from "./deploy-identity.ts";
import { createOperators } from "./deploy-operators.ts";
import { admitOperators } from "./deploy-security-groups.ts";
import { createWorkloads } from "./deploy-workloads.ts";
import type { EksShared, EksUnit } from "./forms.ts";

/** After a name that ECS has too: both sides are there until the listener has moved. */
const SUFFIX = "-eks";

export function deploy(compiled: Compiled<EksUnit, EksShared>, foundation: Foundation): Side {
  const { project, namespace } = foundation.settings;
  const context = awsContext(compiled, foundation, SUFFIX);
  const cluster = createCluster(compiled.shared, foundation);
  context.tell(`cluster.${project}.name`, cluster.name);
  context.tell("securityGroup.cluster.id", cluster.securityGroupId);
  const groups = createGroups(context);
  const identities = createIdentities(context);
  const admitted = admitOperators(cluster.securityGroupId, context);
  const operators = createOperators(cluster, compiled.shared, foundation, [...identities.operators, ...admitted]);
  const routes = createRoutes(context);
  const trial = trialRules("eks", routes, foundation);
  const workloads = Object.entries(compiled.units).map(([name, { manifests, securityGroup }]) => ({
    manifests,
    needs: [...(identities.workloads[name] ?? []), ...createRules(name, securityGroup, groups, context)],
  }));
  // A pod counts as ready only when its target is, and a target only when a rule knows its group.
  const needs: readonly pulumi.Resource[] = [...foundation.ready, ...cluster.resources, ...operators, ...trial];
  const steady = createWorkloads(cluster.provider, workloads, needs, context);
  for (const route of routes) createServiceAlarms(route, context);
  const services = servicesOf(compiled.units);
  const measured = Object.fromEntries(services.map((name) => [name, metricsOf(name, namespace, cluster.name)]));
  const dashboard = createDashboard("eks", measured, routes, foundation);
  return {
    target: "eks",
    routes,
    steady,
    outputs: { cluster: cluster.name, dashboard: dashboard.dashboardName, namespace, services },
  };
}

/** What runs for good, by the name of its Deployment. */
function servicesOf(units: Compiled<EksUnit, EksShared>["units"]): readonly string[] {
  return Object.entries(units).flatMap(([name, { manifests }]) =>
    manifests.some(({ kind }) => kind === "Deployment") ? [name] : [],
  );
}

/** Of a workload's pods together. @source CloudWatch user guide, "EKS and Kubernetes Container Insights metrics", 2026-11 */
function metricsOf(workload: string, namespace: string, cluster: pulumi.Output<string>): readonly Metric[] {
  const of = ["ClusterName", cluster, "Namespace", namespace, "PodName", workload];
  return [
    "pod_cpu_utilization_over_pod_limit",
    "pod_memory_utilization_over_pod_limit",
    "pod_number_of_container_restarts",
  ].map((name) => ["ContainerInsights", name, ...of, { stat: name.endsWith("restarts") ? "Sum" : "Average" }]);
}
