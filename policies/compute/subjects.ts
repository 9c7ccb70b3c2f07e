/** What the compute rules are about, with an ECS task's containers read out of their JSON. */
import type { ContainerDefinition } from "@aws-sdk/client-ecs";
import type * as aws from "@pulumi/aws";
import { ofType, seen, type Given, type Plain } from "../framework/given.ts";

export const taskDefinitions = ofType<aws.ecs.TaskDefinitionArgs>("aws:ecs/taskDefinition:TaskDefinition");
export const services = ofType<aws.ecs.ServiceArgs>("aws:ecs/service:Service");
export const clusters = ofType<aws.ecs.ClusterArgs>("aws:ecs/cluster:Cluster");
export const capacityProviders = ofType<aws.ecs.CapacityProviderArgs>("aws:ecs/capacityProvider:CapacityProvider");
export const eventTargets = ofType<aws.cloudwatch.EventTargetArgs>("aws:cloudwatch/eventTarget:EventTarget");
export const launchTemplates = ofType<aws.ec2.LaunchTemplateArgs>("aws:ec2/launchTemplate:LaunchTemplate");
export const instances = ofType<aws.ec2.InstanceArgs>("aws:ec2/instance:Instance");

export type TaskDefinition = Plain<aws.ecs.TaskDefinitionArgs>;
export type Container = Given<ContainerDefinition>;

export interface Task {
  readonly definition: TaskDefinition;
  readonly containers: readonly Container[];
}

/** A task with its containers. JSON that is none has no containers, which a rule of its own says. */
export function readTask(definition: TaskDefinition): Task {
  return { definition, containers: parsed(definition.containerDefinitions ?? "[]") };
}

export const tasks = seen(taskDefinitions, readTask);

function parsed(json: string): readonly Container[] {
  try {
    const value: unknown = JSON.parse(json);
    return Array.isArray(value) ? (value as readonly Container[]) : [];
  } catch {
    return [];
  }
}

/** `containerDefinitions.api.user`. */
export function inContainer({ name = "?" }: Container, field: string): string {
  return `containerDefinitions.${name}.${field}`;
}

/** A task definition that says nothing is for EC2. */
export function forFargate({ requiresCompatibilities = ["EC2"] }: TaskDefinition): boolean {
  return requiresCompatibilities.includes("FARGATE");
}
