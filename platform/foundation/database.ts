/**
 * RDS PostgreSQL: a writer over two zones, read replicas, and a proxy that pools connections in front of the writer.
 * The master password is ours, because one that RDS manages excludes replicas.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { createAccess, createOwner, createUsers, DATABASE, OWNER, type Users } from "./database-access.ts";
import { policy, trust } from "./policy.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

/** @source RDS user guide, "PostgreSQL versions", 2026-11 */
const ENGINE = { engine: "postgres", engineVersion: "17", family: "postgres17" } as const;

export function createDatabase(place: StorePlace): StoreAnswers {
  const { store } = place;
  const owner = createOwner(place);
  const monitoring = monitoringRole(place);
  const writer = createWriter(place, owner.field("password"), monitoring);
  createReplicas(place, writer, monitoring);
  const users = createUsers(place);
  const { proxy, target } = createProxy(place, writer, users);
  return {
    attributes: { arn: writer.arn, endpoint: proxy.endpoint, identifier: writer.identifier },
    secrets: createAccess(place, {
      owner,
      users,
      direct: pulumi.interpolate`${writer.address}:${store.port}`,
      front: pulumi.interpolate`${proxy.endpoint}:${store.port}`,
      ready: [target],
    }),
  };
}

function createWriter(place: StorePlace, password: pulumi.Output<string>, monitoring: aws.iam.Role): aws.rds.Instance {
  const { context, network, store } = place;
  const { database } = context.sizes;
  const subnets = new aws.rds.SubnetGroup(store.name, {
    subnetIds: network.isolatedSubnets.map(({ id }) => id),
    tags: context.tags(store.name),
  });
  const parameters = new aws.rds.ParameterGroup(store.name, {
    family: ENGINE.family,
    parameters: [
      { name: "rds.force_ssl", value: "1" },
      { name: "log_min_duration_statement", value: "500" },
    ],
    tags: context.tags(store.name),
  });
  return new aws.rds.Instance(
    store.name,
    {
      engine: ENGINE.engine,
      engineVersion: ENGINE.engineVersion,
      ...common(place, monitoring),
      allocatedStorage: database.storage,
      maxAllocatedStorage: database.maxStorage,
      dbName: DATABASE,
      username: OWNER,
      password,
      port: store.port,
      dbSubnetGroupName: subnets.name,
      parameterGroupName: parameters.name,
      multiAz: true,
      backupRetentionPeriod: database.backupDays,
      backupWindow: "02:00-03:00",
      maintenanceWindow: "sun:03:30-sun:04:30",
      finalSnapshotIdentifier: context.name(`${store.name}-final`),
      skipFinalSnapshot: false,
    },
    { protect: true },
  );
}

/** What writer and replicas have in common: encrypted, closed, watched, kept up to date. */
function common({ context, group, dataKey, store }: StorePlace, monitoring: aws.iam.Role) {
  return {
    instanceClass: context.sizes.database.instanceClass,
    storageType: "gp3",
    storageEncrypted: true,
    kmsKeyId: dataKey.arn,
    publiclyAccessible: false,
    vpcSecurityGroupIds: [group.id],
    iamDatabaseAuthenticationEnabled: true,
    autoMinorVersionUpgrade: true,
    copyTagsToSnapshot: true,
    deletionProtection: true,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
    performanceInsightsEnabled: true,
    monitoringInterval: 60,
    monitoringRoleArn: monitoring.arn,
    tags: context.tags(store.name),
  };
}

/** Enhanced monitoring (RDS.6) writes to CloudWatch by a role of its own. */
function monitoringRole({ context, store }: StorePlace): aws.iam.Role {
  const name = `${store.name}-monitoring`;
  const role = new aws.iam.Role(name, {
    assumeRolePolicy: trust("monitoring.rds.amazonaws.com", aws.getCallerIdentityOutput().accountId),
    tags: context.tags(name),
  });
  new aws.iam.RolePolicyAttachment(name, {
    role: role.name,
    policyArn: "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole",
  });
  return role;
}

function createReplicas(place: StorePlace, writer: aws.rds.Instance, monitoring: aws.iam.Role): void {
  const { context, store } = place;
  for (let replica = 0; replica < context.sizes.database.replicas; replica++) {
    new aws.rds.Instance(
      `${store.name}-replica-${replica}`,
      { ...common(place, monitoring), replicateSourceDb: writer.identifier, skipFinalSnapshot: true },
      { protect: true },
    );
  }
}

/** Pools connections, so that twenty replicas with a pool each do not exhaust the writer. */
function createProxy(
  { context, network, group, secretsKey, store }: StorePlace,
  writer: aws.rds.Instance,
  users: Users,
): { readonly proxy: aws.rds.Proxy; readonly target: aws.rds.ProxyTarget } {
  const secrets = Object.values(users).map(({ arn }) => arn);
  const role = new aws.iam.Role(`${store.name}-proxy`, {
    assumeRolePolicy: trust("rds.amazonaws.com"),
    tags: context.tags(`${store.name}-proxy`),
  });
  const permission = new aws.iam.RolePolicy(`${store.name}-proxy`, {
    role: role.name,
    policy: policy([
      { actions: ["secretsmanager:GetSecretValue"], resources: secrets },
      { actions: ["kms:Decrypt"], resources: [secretsKey.arn] },
    ]),
  });
  const proxy = new aws.rds.Proxy(
    store.name,
    {
      engineFamily: "POSTGRESQL",
      roleArn: role.arn,
      requireTls: true,
      idleClientTimeout: 1800,
      vpcSubnetIds: network.isolatedSubnets.map(({ id }) => id),
      vpcSecurityGroupIds: [group.id],
      // Both of those that take turns, or the one whose turn is over would be locked out before its processes are gone.
      auths: secrets.map((secretArn) => ({
        authScheme: "SECRETS",
        iamAuth: "DISABLED",
        clientPasswordAuthType: "POSTGRES_SCRAM_SHA_256",
        secretArn,
      })),
      tags: context.tags(store.name),
    },
    { dependsOn: [permission] },
  );
  const targets = new aws.rds.ProxyDefaultTargetGroup(store.name, {
    dbProxyName: proxy.name,
    connectionPoolConfig: { maxConnectionsPercent: 90, maxIdleConnectionsPercent: 50, connectionBorrowTimeout: 10 },
  });
  const target = new aws.rds.ProxyTarget(store.name, {
    dbProxyName: proxy.name,
    targetGroupName: targets.name,
    dbInstanceIdentifier: writer.identifier,
  });
  return { proxy, target };
}
