/**
 * The ECS form: what `aws ecs register-task-definition`, `create-service` and `run-task` take with --cli-input-json,
 * with what stands beside them. The field names are the APIs' own in camelCase.
 */
import type { CreateServiceRequest, RegisterTaskDefinitionRequest, RunTaskRequest } from "@aws-sdk/client-ecs";
import type { StatementBehaviour } from "../../platform/model/behaviour.ts";
import type { SecurityGroup, TargetGroup } from "../aws/forms.ts";

export type TaskDefinition = RegisterTaskDefinitionRequest;
export type Service = CreateServiceRequest;
export type RunTask = RunTaskRequest;

/** Application Auto Scaling. */
export interface Scaling {
  readonly serviceNamespace: "ecs";
  readonly scalableDimension: "ecs:service:DesiredCount";
  readonly minCapacity: number;
  readonly maxCapacity: number;
  /** Of a workload whose count goes by hand. */
  readonly suspendedState?: {
    readonly dynamicScalingInSuspended: boolean;
    readonly dynamicScalingOutSuspended: boolean;
    readonly scheduledScalingSuspended: boolean;
  };
  readonly policies: readonly ScalingPolicy[];
}

export interface ScalingPolicy {
  readonly policyName: string;
  readonly policyType: "TargetTrackingScaling";
  readonly targetTrackingScalingPolicyConfiguration: {
    readonly targetValue: number;
    readonly scaleOutCooldown: number;
    readonly scaleInCooldown: number;
    readonly predefinedMetricSpecification?: {
      readonly predefinedMetricType: "ECSServiceAverageCPUUtilization" | "ECSServiceAverageMemoryUtilization";
    };
    readonly customizedMetricSpecification?: { readonly metrics: readonly MetricQuery[] };
  };
}

export interface MetricQuery {
  readonly id: string;
  readonly label?: string;
  readonly expression?: string;
  readonly returnData: boolean;
  readonly metricStat?: {
    readonly stat: string;
    readonly metric: {
      readonly namespace: string;
      readonly metricName: string;
      readonly dimensions: readonly { readonly name: string; readonly value: string }[];
    };
  };
}

/** An EventBridge rule that runs a task. */
export interface Rule {
  readonly name: string;
  readonly scheduleExpression: string;
  readonly state: "ENABLED";
  readonly targets: readonly {
    readonly id: string;
    readonly arn: string;
    readonly roleArn: string;
    readonly ecsParameters: {
      readonly taskDefinitionArn: string;
      readonly taskCount: number;
      readonly capacityProviderStrategy: readonly { readonly capacityProvider: string; readonly weight: number }[];
      readonly networkConfiguration: {
        readonly awsvpcConfiguration: {
          readonly subnets: readonly string[];
          readonly securityGroups: readonly string[];
          readonly assignPublicIp: "DISABLED";
        };
      };
    };
    readonly retryPolicy: { readonly maximumRetryAttempts: number; readonly maximumEventAgeInSeconds: number };
  }[];
}

export interface Role {
  readonly assumedBy: "ecs-tasks.amazonaws.com";
  /** What the code may do. */
  readonly taskStatements: readonly StatementBehaviour[];
  /** What starting it takes. */
  readonly executionStatements: readonly StatementBehaviour[];
}

export interface EcsUnit {
  readonly taskDefinition: TaskDefinition;
  readonly service?: Service;
  readonly scaling?: Scaling;
  readonly rule?: Rule;
  /** A job that a rollout waits for. */
  readonly runTask?: RunTask;
  readonly targetGroup?: TargetGroup;
  readonly role: Role;
  readonly securityGroup: SecurityGroup;
}

export interface EcsShared {
  readonly cluster: {
    readonly clusterName: string;
    readonly settings: readonly { readonly name: "containerInsights"; readonly value: "enhanced" }[];
    readonly capacityProviders: readonly string[];
    readonly serviceConnectDefaults: { readonly namespace: string };
  };
}
