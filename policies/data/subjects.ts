/** What the data rules are about: stores, buckets, queues, images, and the keys and secrets that keep them. */
import type * as aws from "@pulumi/aws";
import { ofType, type Plain } from "../framework/given.ts";

export const databases = ofType<aws.rds.InstanceArgs>("aws:rds/instance:Instance");
export const databaseProxies = ofType<aws.rds.ProxyArgs>("aws:rds/proxy:Proxy");
export const parameterGroups = ofType<aws.rds.ParameterGroupArgs>("aws:rds/parameterGroup:ParameterGroup");
export const caches = ofType<aws.elasticache.ReplicationGroupArgs>("aws:elasticache/replicationGroup:ReplicationGroup");
export const brokers = ofType<aws.msk.ClusterArgs>("aws:msk/cluster:Cluster");
export const brokerSettings = ofType<aws.msk.ConfigurationArgs>("aws:msk/configuration:Configuration");
export const volumes = ofType<aws.ebs.VolumeArgs>("aws:ebs/volume:Volume");

export const buckets = ofType<aws.s3.BucketArgs>("aws:s3/bucket:Bucket");
export const publicAccessBlocks = ofType<aws.s3.BucketPublicAccessBlockArgs>(
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
);
export const bucketPolicies = ofType<aws.s3.BucketPolicyArgs>("aws:s3/bucketPolicy:BucketPolicy");
export const bucketLogs = ofType<aws.s3.BucketLoggingArgs>("aws:s3/bucketLogging:BucketLogging");
export const ownerships = ofType<aws.s3.BucketOwnershipControlsArgs>(
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
);
export const lifecycles = ofType<aws.s3.BucketLifecycleConfigurationArgs>(
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
);
export const versionings = ofType<aws.s3.BucketVersioningArgs>("aws:s3/bucketVersioning:BucketVersioning");

export const repositories = ofType<aws.ecr.RepositoryArgs>("aws:ecr/repository:Repository");
export const imageLifecycles = ofType<aws.ecr.LifecyclePolicyArgs>("aws:ecr/lifecyclePolicy:LifecyclePolicy");

export const queues = ofType<aws.sqs.QueueArgs>("aws:sqs/queue:Queue");
export const topics = ofType<aws.sns.TopicArgs>("aws:sns/topic:Topic");

export const keys = ofType<aws.kms.KeyArgs>("aws:kms/key:Key");
export const secrets = ofType<aws.secretsmanager.SecretArgs>("aws:secretsmanager/secret:Secret");
export const rotations = ofType<aws.secretsmanager.SecretRotationArgs>(
  "aws:secretsmanager/secretRotation:SecretRotation",
);

export type Database = Plain<aws.rds.InstanceArgs>;

/** A replica takes backups, zones and storage from what it copies. */
export function isReplica({ replicateSourceDb }: Database): boolean {
  return replicateSourceDb !== undefined && replicateSourceDb !== "";
}
