/** Databases, caches, brokers, buckets, queues, secrets, images. */
import { added, at, type Table } from "./mutation.ts";

const database = at("aws:rds/instance:Instance", "database");
const cache = at("aws:elasticache/replicationGroup:ReplicationGroup", "redis");
const brokers = at("aws:msk/cluster:Cluster", "kafka");
const bucket = (type: string) => at(`aws:s3/${type}`, "models");
const queue = at("aws:sqs/queue:Queue", "ml-requests");
const repository = at("aws:ecr/repository:Repository", "api");

export const data: Table = {
  "prod ecs": [
    ["gives the database a public address", database.set("publiclyAccessible", true), "rds-public-access"],
    ["leaves the database in the clear", database.set("storageEncrypted", false), "rds-encrypted"],
    ["encrypts the database by AWS's key", database.without("kmsKeyId"), "rds-encrypted"],
    ["may lose the database", database.set("deletionProtection", false), "rds-deletion-protection"],
    ["keeps no backups", database.set("backupRetentionPeriod", 0), "rds-backups"],
    ["has no standby", database.set("multiAz", false), "rds-multi-az"],
    ["leaves no last snapshot", database.set("skipFinalSnapshot", true), "rds-final-snapshot"],
    ["takes no fixes", database.set("autoMinorVersionUpgrade", false), "rds-minor-upgrades"],
    ["knows passwords only", database.set("iamDatabaseAuthenticationEnabled", false), "rds-iam-authentication"],
    ["fills its disk", database.without("maxAllocatedStorage"), "rds-storage-autoscaling"],
    ["keeps its log to itself", database.without("enabledCloudwatchLogsExports"), "rds-log-exports"],
    ["measures no operating system", database.set("monitoringInterval", 0), "rds-monitoring"],
    ["calls its administrator postgres", database.set("username", "postgres"), "rds-admin-name"],
    ["moves to the account's default subnets", database.without("dbSubnetGroupName"), "rds-subnet-group"],
    ["forgets whose a snapshot is", database.set("copyTagsToSnapshot", false), "rds-snapshot-tags"],
    [
      "takes clients without TLS",
      at("aws:rds/parameterGroup:ParameterGroup", "database").set("parameters", []),
      "rds-force-tls",
    ],
    [
      "lets the proxy speak in the clear",
      at("aws:rds/proxy:Proxy", "database").set("requireTls", false),
      "rds-proxy-tls",
    ],
    ["leaves the cache in the clear", cache.set("atRestEncryptionEnabled", false), "elasticache-encrypted"],
    ["speaks to the cache in the clear", cache.set("transitEncryptionEnabled", false), "elasticache-tls"],
    ["asks the cache's clients nothing", cache.without("authToken"), "elasticache-authentication"],
    ["has nobody to take over from the cache", cache.set("automaticFailoverEnabled", false), "elasticache-failover"],
    ["keeps no snapshot of the cache", cache.set("snapshotRetentionLimit", 0), "elasticache-snapshots"],
    ["leaves no last snapshot of the cache", cache.without("finalSnapshotIdentifier"), "elasticache-final-snapshot"],
    ["takes no fixes of the cache", cache.set("autoMinorVersionUpgrade", false), "elasticache-minor-upgrades"],
    ["moves the cache to the default subnets", cache.without("subnetGroupName"), "elasticache-subnet-group"],
    [
      "puts brokers on the internet",
      brokers.set("brokerNodeGroupInfo.connectivityInfo.publicAccess.type", "SERVICE_PROVIDED_EIPS"),
      "msk-public-access",
    ],
    [
      "asks brokers' clients nothing",
      brokers.set("clientAuthentication", { unauthenticated: true }),
      "msk-authentication",
    ],
    [
      "lets brokers speak in the clear",
      brokers.set("encryptionInfo.encryptionInTransit.clientBroker", "TLS_PLAINTEXT"),
      "msk-tls",
    ],
    ["encrypts brokers by AWS's key", brokers.without("encryptionInfo.encryptionAtRestKmsKeyArn"), "msk-encrypted"],
    ["keeps no log of brokers", brokers.without("loggingInfo"), "msk-logs"],
    ["measures brokers together", brokers.set("enhancedMonitoring", "DEFAULT"), "msk-monitoring"],
    [
      "acknowledges what one broker has",
      at("aws:msk/configuration:Configuration", "kafka").set(
        "serverProperties",
        "min.insync.replicas=1\nunclean.leader.election.enable=true",
      ),
      "msk-durable",
    ],
    [
      "lets a bucket be made public",
      bucket("bucketPublicAccessBlock:BucketPublicAccessBlock").set("blockPublicPolicy", false),
      "s3-public-access-block",
    ],
    [
      "adds a bucket with nothing around it",
      added("aws:s3/bucket:Bucket", "scratch", { bucketPrefix: "scratch-" }),
      "s3-public-access-block",
    ],
    ["lets a bucket be read in the clear", bucket("bucketPolicy:BucketPolicy").gone, "s3-tls"],
    [
      "forgets what was overwritten",
      bucket("bucketVersioning:BucketVersioning").set("versioningConfiguration.status", "Suspended"),
      "s3-versioning",
    ],
    ["logs nobody who reads", bucket("bucketLogging:BucketLogging").gone, "s3-access-log"],
    [
      "lets ACLs decide",
      bucket("bucketOwnershipControls:BucketOwnershipControls").set("rule.objectOwnership", "ObjectWriter"),
      "s3-no-acls",
    ],
    [
      "keeps every old version",
      bucket("bucketLifecycleConfiguration:BucketLifecycleConfiguration").gone,
      "s3-lifecycle",
    ],
    ["deletes a bucket that is full", bucket("bucket:Bucket").set("forceDestroy", true), "s3-kept"],
    ["leaves a queue in the clear", queue.set("sqsManagedSseEnabled", false), "sqs-encrypted"],
    ["sends a bad message round for ever", queue.without("redrivePolicy"), "sqs-dead-letters"],
    [
      "throws dead letters away over the weekend",
      at("aws:sqs/queue:Queue", "ml-requests-dead").set("messageRetentionSeconds", 86400),
      "sqs-dead-letters-wait",
    ],
    [
      "adds a topic in the clear",
      added("aws:sns/topic:Topic", "news", { name: "news", tags: { project: "cryptotracker", stack: "prod" } }),
      "sns-encrypted",
    ],
    ["deletes a key in a week", at("aws:kms/key:Key", "data").set("deletionWindowInDays", 7), "kms-deletion-window"],
    ["keeps a key's material for ever", at("aws:kms/key:Key", "data").set("enableKeyRotation", false), "kms-rotation"],
    [
      "encrypts a secret by AWS's key",
      at("aws:secretsmanager/secret:Secret", "jwt-signing").without("kmsKeyId"),
      "secrets-customer-key",
    ],
    [
      "never changes the database's password",
      at("aws:secretsmanager/secretRotation:SecretRotation", "database-url").gone,
      "secrets-rotated",
    ],
    [
      "changes a password once a year",
      at("aws:secretsmanager/secretRotation:SecretRotation", "database-url").set(
        "rotationRules.automaticallyAfterDays",
        365,
      ),
      "secrets-rotation-days",
    ],
    ["lets a tag move", repository.set("imageTagMutability", "MUTABLE"), "ecr-immutable-tags"],
    ["scans no image", repository.set("imageScanningConfiguration.scanOnPush", false), "ecr-scan"],
    ["deletes images with their repository", repository.set("forceDelete", true), "ecr-kept"],
    ["keeps every image", at("aws:ecr/lifecyclePolicy:LifecyclePolicy", "api").gone, "ecr-lifecycle"],
    [
      "adds a volume in the clear",
      added("aws:ebs/volume:Volume", "scratch", { size: 10, type: "gp3", availabilityZone: "us-east-1a" }),
      "ebs-encrypted",
    ],
  ],
};
