/**
 * A job that a rollout waits for (database migrations). ECS has no resource for "run this once, to its end", so a
 * small function runs the task and reports its exit code; services depend on that call, and it is made again when the
 * task definition changes. The function lives outside the VPC: all it does is call the ECS API.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { EcsContext } from "./deploy-context.ts";
import { createFunction } from "./deploy-function.ts";
import { runTask } from "./deploy-roles.ts";
import type { RunTask } from "./forms.ts";

/** Lambda's longest run; a job that takes longer needs another way. @source Lambda quotas, 2026-11 */
const LONGEST_SECONDS = 900;
const HANDLER = new URL("./deploy-before-rollout-handler.mjs", import.meta.url);

/** Resolves, as a resource, when the job has ended well. */
export function runBeforeRollout(
  name: string,
  form: RunTask,
  definition: aws.ecs.TaskDefinition,
  cluster: aws.ecs.Cluster,
  dependsOn: pulumi.Resource[],
  context: EcsContext,
): aws.lambda.Invocation {
  const runner = createRunner(name, definition, cluster, context);
  return new aws.lambda.Invocation(
    name,
    {
      functionName: runner.name,
      input: request(form, definition, context),
      triggers: { definition: definition.arn },
    },
    { dependsOn },
  );
}

/** What the function hands on to `RunTask`, in that API's own form. */
function request(form: RunTask, definition: aws.ecs.TaskDefinition, { fill }: EcsContext): pulumi.Output<string> {
  const network = form.networkConfiguration?.awsvpcConfiguration;
  return pulumi.jsonStringify({
    cluster: fill(form.cluster),
    taskDefinition: definition.arn,
    count: form.count,
    startedBy: form.startedBy,
    capacityProviderStrategy: form.capacityProviderStrategy,
    enableECSManagedTags: form.enableECSManagedTags,
    propagateTags: form.propagateTags,
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: (network?.subnets ?? []).map(fill),
        securityGroups: (network?.securityGroups ?? []).map(fill),
        assignPublicIp: network?.assignPublicIp,
      },
    },
  });
}

function createRunner(
  name: string,
  definition: aws.ecs.TaskDefinition,
  cluster: aws.ecs.Cluster,
  context: EcsContext,
): aws.lambda.Function {
  const tasks = cluster.arn.apply((arn) => `${arn.replace(":cluster/", ":task/")}/*`);
  return createFunction(
    {
      name: `${name}-runner`,
      service: name,
      source: HANDLER,
      timeoutSeconds: LONGEST_SECONDS,
      statements: [
        ...runTask(definition, cluster),
        { actions: ["ecs:DescribeTasks", "ecs:StopTask"], resources: [tasks] },
      ],
    },
    context,
  );
}
