/** Compiled ECS form → resources, in the order in which they need each other. */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import { trialRules, type Route, type Side } from "../alb/index.ts";
import { createServiceAlarms } from "../aws/deploy-alarms.ts";
import { awsContext, workloadsNamedIn } from "../aws/deploy-context.ts";
import { createDashboard, type Metric } from "../aws/deploy-dashboard.ts";
import { createGroups, createRules } from "../aws/deploy-security-groups.ts";
import { createRoutes } from "../aws/deploy-target-groups.ts";
import type { Compiled } from "../target.ts";
import { runBeforeRollout } from "./deploy-before-rollout.ts";
import { createCluster, type Cluster } from "./deploy-cluster.ts";
import type { EcsContext, Units } from "./deploy-context.ts";
import { createSchedule } from "./deploy-job.ts";
import { createRoles } from "./deploy-roles.ts";
import { createRotationRestarts } from "./deploy-rotation.ts";
import { createScaling } from "./deploy-scaling.ts";
import { createService } from "./deploy-service.ts";
import { createTaskDefinition } from "./deploy-task.ts";
import type { EcsShared, EcsUnit } from "./forms.ts";

export function deploy(compiled: Compiled<EcsUnit, EcsShared>, foundation: Foundation): Side {
  const context = awsContext(compiled, foundation);
  const cluster = createCluster(context);
  const groups = createGroups(context);
  const routes = createRoutes(context);
  const ready: pulumi.Resource[] = [cluster.capacity, ...foundation.ready, ...trialRules("ecs", routes, foundation)];
  const tasks = Object.entries(compiled.units).map(([name, unit]) => {
    const permissions = createRoles(name, unit, context);
    const rules = createRules(name, unit.securityGroup, groups, context);
    const definition = createTaskDefinition(name, unit.taskDefinition, context);
    return { name, unit, definition, needs: [...permissions, ...rules] };
  });
  const before = tasks.flatMap(({ name, unit, definition, needs }) =>
    unit.runTask
      ? [
          runBeforeRollout(
            name,
            unit.runTask,
            definition,
            cluster.cluster,
            [cluster.capacity, ...foundation.ready, ...needs],
            context,
          ),
        ]
      : [],
  );
  const services = createServices(tasks, routes, [...ready, ...before], cluster, context);
  const measured = Object.fromEntries([...services.keys()].map((name) => [name, metricsOf(name, cluster.cluster)]));
  const dashboard = createDashboard("ecs", measured, routes, foundation);
  createRotationRestarts(services, cluster.cluster, context);
  for (const { name, unit, definition } of tasks) {
    if (unit.rule) createSchedule(name, unit.rule, definition, cluster.cluster, context);
  }
  return {
    target: "ecs",
    routes,
    steady: [...services.values()],
    outputs: {
      cluster: cluster.cluster.arn,
      dashboard: dashboard.dashboardName,
      services: Object.fromEntries([...services].map(([name, { arn }]) => [name, arn])),
    },
  };
}

interface Task {
  readonly name: string;
  readonly unit: EcsUnit;
  readonly definition: aws.ecs.TaskDefinition;
  readonly needs: readonly pulumi.Resource[];
}

/**
 * Callees before callers: a running task learns of a new Service Connect name only by its own redeployment. Calls go
 * round in no circle, which the model's validation has seen to.
 */
function createServices(
  tasks: readonly Task[],
  routes: readonly Route[],
  ready: readonly pulumi.Resource[],
  { cluster }: Cluster,
  context: EcsContext,
): ReadonlyMap<string, aws.ecs.Service> {
  const byName = new Map(tasks.map((task) => [task.name, task]));
  const made = new Map<string, aws.ecs.Service>();
  for (const name of calleesFirst(context.compiled.units)) {
    const task = byName.get(name);
    if (!task?.unit.service) continue;
    const callees = calleesOf(task.unit).flatMap((callee) => made.get(callee) ?? []);
    const needs = [...ready, ...task.needs, ...callees];
    const alarms = routes
      .filter((route) => route.service === name)
      .flatMap((each) => createServiceAlarms(each, context));
    const service = createService(name, task.unit.service, task.definition, alarms, needs, context);
    made.set(name, service);
    if (task.unit.scaling) createScaling(name, task.unit.scaling, service, cluster, context);
  }
  return made;
}

function calleesOf({ securityGroup }: EcsUnit): readonly string[] {
  return workloadsNamedIn(securityGroup.egress.map((rule) => rule.referencedSecurityGroupId));
}

function calleesFirst(units: Units): readonly string[] {
  const ordered = new Set<string>();
  const visit = (name: string): void => {
    const unit = units[name];
    if (!unit || ordered.has(name)) return;
    for (const callee of calleesOf(unit)) visit(callee);
    ordered.add(name);
  };
  for (const name of Object.keys(units)) visit(name);
  return [...ordered];
}

/** @source Amazon ECS developer guide, "CloudWatch metrics" and "Container Insights metrics", 2026-11 */
function metricsOf(service: string, cluster: aws.ecs.Cluster): readonly Metric[] {
  const of = ["ClusterName", cluster.name, "ServiceName", service];
  return [
    ["AWS/ECS", "CPUUtilization", ...of, { stat: "Average" }],
    ["AWS/ECS", "MemoryUtilization", ...of, { stat: "Average" }],
    ["ECS/ContainerInsights", "RunningTaskCount", ...of, { stat: "Average" }],
  ];
}
