/** Three roles of a workload: what its code may do, what starting it takes, and who may run it on a schedule. */
import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { trust, type Statement } from "../../platform/foundation/index.ts";
import { attach, createRole, filledIn, openSecrets } from "../aws/deploy-roles.ts";
import type { EcsContext } from "./deploy-context.ts";
import type { EcsUnit } from "./forms.ts";

/** Tells `role.<name>-task.arn` and `role.<name>-execution.arn`; the policies are what a service waits for. */
export function createRoles(name: string, unit: EcsUnit, context: EcsContext): readonly aws.iam.RolePolicy[] {
  const { taskStatements, executionStatements, assumedBy } = unit.role;
  const { accountId } = context.foundation;
  const task = createRole(`${name}-task`, trust(assumedBy, accountId), context, name);
  const execution = createRole(`${name}-execution`, trust(assumedBy, accountId), context, name);
  return [
    ...(taskStatements.length > 0 ? [attach(`${name}-task`, task, filledIn(taskStatements, context))] : []),
    attach(`${name}-execution`, execution, [
      ...filledIn(executionStatements, context),
      ...starting(name, executionStatements.length > 0, context),
    ]),
  ];
}

/** Lets EventBridge start exactly this task with exactly these roles. */
export function createEventsRole(
  name: string,
  definition: aws.ecs.TaskDefinition,
  cluster: aws.ecs.Cluster,
  context: EcsContext,
): aws.iam.RolePolicy {
  const role = createRole(`${name}-events`, trust("events.amazonaws.com", context.foundation.accountId), context, name);
  return attach(`${name}-events`, role, runTask(definition, cluster));
}

/** `ecs:RunTask` of any revision of one family in one cluster, and its two roles handed on to ECS only. */
export function runTask(definition: aws.ecs.TaskDefinition, cluster: aws.ecs.Cluster): readonly Statement[] {
  return [
    {
      actions: ["ecs:RunTask"],
      resources: [pulumi.interpolate`${definition.arnWithoutRevision}:*`],
      condition: { ArnEquals: { "ecs:cluster": cluster.arn } },
    },
    {
      actions: ["iam:PassRole"],
      resources: [definition.taskRoleArn, definition.executionRoleArn].map((arn) => arn.apply((text) => text ?? "")),
      condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}

/** The ECS agent's part: pull this image, write to this log group, open these secrets. */
function starting(name: string, readsSecrets: boolean, { foundation }: EcsContext): readonly Statement[] {
  const { logGroups, model, repositories } = foundation;
  const image = model.workloads.find((workload) => workload.name === name)?.image;
  // A public image takes no permission of ours.
  const repository = image && "build" in image ? repositories[image.build] : undefined;
  const group = logGroups[name];
  return [
    // No resource narrows this one down. @source Service Authorization Reference, "Amazon ECR"
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
    ...(repository
      ? [
          {
            actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            resources: [repository.arn],
          },
        ]
      : []),
    ...(group
      ? [{ actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [pulumi.interpolate`${group.arn}:*`] }]
      : []),
    ...(readsSecrets ? [openSecrets(foundation)] : []),
  ];
}
