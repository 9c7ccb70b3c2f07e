/** Compiled rule → EventBridge, which runs the task on its schedule. */
import * as aws from "@pulumi/aws";
import type { EcsContext } from "./deploy-context.ts";
import { createEventsRole } from "./deploy-roles.ts";
import type { Rule } from "./forms.ts";

export function createSchedule(
  name: string,
  form: Rule,
  definition: aws.ecs.TaskDefinition,
  cluster: aws.ecs.Cluster,
  context: EcsContext,
): void {
  const { fill, tags } = context;
  const permission = createEventsRole(name, definition, cluster, context);
  const rule = new aws.cloudwatch.EventRule(name, {
    name: form.name,
    scheduleExpression: form.scheduleExpression,
    state: form.state,
    tags: tags(name),
  });
  for (const { id, arn, roleArn, ecsParameters, retryPolicy } of form.targets) {
    const { awsvpcConfiguration: network } = ecsParameters.networkConfiguration;
    new aws.cloudwatch.EventTarget(
      id,
      {
        rule: rule.name,
        targetId: id,
        arn: fill(arn),
        roleArn: fill(roleArn),
        ecsTarget: {
          // The revision that this run made, not whichever is the family's latest.
          taskDefinitionArn: definition.arn,
          taskCount: ecsParameters.taskCount,
          capacityProviderStrategies: ecsParameters.capacityProviderStrategy.map((each) => ({ ...each })),
          networkConfiguration: {
            subnets: network.subnets.map(fill),
            securityGroups: network.securityGroups.map(fill),
            assignPublicIp: false,
          },
          propagateTags: "TASK_DEFINITION",
        },
        retryPolicy: { ...retryPolicy },
      },
      { dependsOn: [permission] },
    );
  }
}
