/** The model in the ECS API's own shape. Pure: the same input gives the same bytes. */
import { check } from "../../platform/check.ts";
import { startStatements, taskStatements } from "../../platform/model/identity.ts";
import type { Model, Problem, Result, Workload } from "../../platform/model/types.ts";
import { pathOf } from "../../platform/model/paths.ts";
import type { Settings } from "../../platform/settings.ts";
import { targetGroup } from "../aws/target-group.ts";
import type { Compiled } from "../target.ts";
import type { EcsShared, EcsUnit } from "./forms.ts";
import { ecsLimits } from "./limits.ts";
import { capacityProvider } from "./names.ts";
import { poolProblems } from "./pools.ts";
import { scaling } from "./scaling.ts";
import { rule, scheduleExpression } from "./schedule.ts";
import { securityGroup } from "./security-group.ts";
import { runBeforeRollout, service } from "./service.ts";
import { fargateSize, onFargate, type FargateSize } from "./sizing.ts";
import { taskDefinition } from "./task-definition.ts";

export function compile(model: Model, settings: Settings): Result<Compiled<EcsUnit, EcsShared>> {
  const problems: Problem[] = [...check(model, settings), ...poolProblems(model, settings)];
  const units: Record<string, EcsUnit> = {};
  for (const workload of [...model.workloads].sort((a, b) => (a.name < b.name ? -1 : 1))) {
    problems.push(...ecsLimits(workload, settings));
    const compiled = unit(workload, model, settings);
    if (compiled.ok) units[workload.name] = compiled.value;
    else problems.push(...compiled.problems);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: { units, shared: shared(model) } };
}

function unit(workload: Workload, model: Model, settings: Settings): Result<EcsUnit> {
  const size = sizeOf(workload);
  if (!size.ok) return size;
  const common = {
    taskDefinition: taskDefinition(workload, size.value, model, settings),
    role: {
      assumedBy: "ecs-tasks.amazonaws.com",
      taskStatements: taskStatements(workload, model),
      executionStatements: startStatements(workload),
    },
    securityGroup: securityGroup(workload, model),
  } as const;
  if (workload.kind !== "job") {
    return {
      ok: true,
      value: {
        ...common,
        service: service(workload, model),
        ...("singleton" in workload.scaling ? {} : { scaling: scaling(workload, workload.scaling, model) }),
        ...(workload.kind === "service" && workload.route
          ? { targetGroup: targetGroup("ecs", workload, workload.route.paths, model) }
          : {}),
      },
    };
  }
  if (!("schedule" in workload.trigger))
    return { ok: true, value: { ...common, runTask: runBeforeRollout(workload, model) } };
  const expression = scheduleExpression(workload, workload.trigger.schedule);
  return expression.ok ? { ok: true, value: { ...common, rule: rule(workload, expression.value, model) } } : expression;
}

/** The Fargate pair that holds the workload; on EC2 its own figures. */
function sizeOf(workload: Workload): Result<FargateSize> {
  const { cpu, memory } = workload.compute;
  return onFargate(workload)
    ? fargateSize({ cpu, memory }, pathOf(workload, "compute"))
    : { ok: true, value: { cpu, memory } };
}

function shared(model: Model): EcsShared {
  const providers = new Set([
    "FARGATE",
    "FARGATE_SPOT",
    ...model.workloads.map((each) => capacityProvider(model.prefix, each)),
  ]);
  return {
    cluster: {
      clusterName: model.prefix,
      settings: [{ name: "containerInsights", value: "enhanced" }],
      capacityProviders: [...providers].sort(),
      serviceConnectDefaults: { namespace: model.prefix },
    },
  };
}
