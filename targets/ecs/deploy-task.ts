/** Compiled task definition → aws.ecs.TaskDefinition. */
import * as aws from "@pulumi/aws";
import type { EcsContext } from "./deploy-context.ts";
import type { TaskDefinition } from "./forms.ts";

export function createTaskDefinition(name: string, form: TaskDefinition, { fill, tags }: EcsContext) {
  return new aws.ecs.TaskDefinition(name, {
    family: form.family ?? name,
    networkMode: form.networkMode,
    requiresCompatibilities: form.requiresCompatibilities,
    cpu: form.cpu,
    memory: form.memory,
    runtimePlatform: form.runtimePlatform,
    taskRoleArn: fill(form.taskRoleArn),
    executionRoleArn: fill(form.executionRoleArn),
    ...(form.ephemeralStorage ? { ephemeralStorage: { sizeInGib: form.ephemeralStorage.sizeInGiB ?? 0 } } : {}),
    // ARNs, URLs and names need no escaping inside JSON.
    containerDefinitions: fill(JSON.stringify(form.containerDefinitions)),
    tags: tags(name),
  });
}
