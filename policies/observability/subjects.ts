/** What the observability rules are about. */
import type * as aws from "@pulumi/aws";
import { ofType, type Subject } from "../framework/given.ts";

export const logGroups = ofType<aws.cloudwatch.LogGroupArgs>("aws:cloudwatch/logGroup:LogGroup");
export const alarms = ofType<aws.cloudwatch.MetricAlarmArgs>("aws:cloudwatch/metricAlarm:MetricAlarm");
export const dashboards = ofType<aws.cloudwatch.DashboardArgs>("aws:cloudwatch/dashboard:Dashboard");
export const scalingTargets = ofType<aws.appautoscaling.TargetArgs>("aws:appautoscaling/target:Target");

interface Tagged {
  readonly tags?: Readonly<Record<string, string | undefined>>;
}

/** What a bill names, and operators look for: whatever has a price or holds data. */
export const tagged: Subject<Tagged> = {
  types: [
    "aws:ecs/service:Service",
    "aws:ecs/cluster:Cluster",
    "aws:ecs/taskDefinition:TaskDefinition",
    "aws:ec2/instance:Instance",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/vpcEndpoint:VpcEndpoint",
    "aws:ebs/volume:Volume",
    "aws:eks/nodeGroup:NodeGroup",
    "aws:lb/loadBalancer:LoadBalancer",
    "aws:lb/targetGroup:TargetGroup",
    "aws:rds/instance:Instance",
    "aws:elasticache/replicationGroup:ReplicationGroup",
    "aws:msk/cluster:Cluster",
    "aws:s3/bucket:Bucket",
    "aws:sqs/queue:Queue",
    "aws:sns/topic:Topic",
    "aws:kms/key:Key",
    "aws:secretsmanager/secret:Secret",
    "aws:ecr/repository:Repository",
    "aws:lambda/function:Function",
    "aws:cloudfront/distribution:Distribution",
    "aws:cloudwatch/logGroup:LogGroup",
    "aws:iam/role:Role",
  ],
  view: (props) => props,
};
