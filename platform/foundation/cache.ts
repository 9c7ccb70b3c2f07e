/** ElastiCache: a replication group over zones that fails over by itself, reached by TLS and a token. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeSecret } from "../model/wiring.ts";
import { createRotator, rotateSecret } from "./rotation.ts";
import { createSecret, randomText } from "./secrets.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

export function createCache(place: StorePlace): StoreAnswers {
  const { context, network, group, secretsKey, dataKey, store } = place;
  const { cache } = context.sizes;
  const { secret, key } = storeSecret(store.name);
  const tokenSecret = `${store.name}-token`;
  const credentials = createSecret(
    context,
    secretsKey,
    tokenSecret,
    `Token of ${store.name}, written by the rotation of ${secret}`,
    { token: randomText() },
  );
  const token = credentials.field("token");
  const subnets = new aws.elasticache.SubnetGroup(store.name, {
    subnetIds: network.isolatedSubnets.map(({ id }) => id),
    tags: context.tags(store.name),
  });
  const replication = new aws.elasticache.ReplicationGroup(
    store.name,
    {
      description: `${context.name(store.name)}: prices, sessions, rate limits`,
      engine: "redis",
      engineVersion: "7.1",
      nodeType: cache.nodeType,
      numCacheClusters: cache.nodes,
      automaticFailoverEnabled: true,
      multiAzEnabled: true,
      port: store.port,
      subnetGroupName: subnets.name,
      securityGroupIds: [group.id],
      transitEncryptionEnabled: true,
      atRestEncryptionEnabled: true,
      kmsKeyId: dataKey.arn,
      authToken: token,
      autoMinorVersionUpgrade: true,
      snapshotRetentionLimit: cache.snapshotDays,
      snapshotWindow: "02:00-03:00",
      maintenanceWindow: "sun:04:30-sun:05:30",
      finalSnapshotIdentifier: context.name(`${store.name}-final`),
      tags: context.tags(store.name),
    },
    { protect: true },
  );
  const url = createSecret(context, secretsKey, secret, `Connection URL of ${store.name}`, {
    [key]: pulumi.interpolate`rediss://:${token}@${replication.primaryEndpointAddress}:${store.port}`,
  });
  const rotator = createRotator(place, {
    kind: "redis",
    config: { cache: replication.id, token: credentials.arn },
    secrets: [secret, tokenSecret],
    example: credentials.arn,
    statements: [
      {
        actions: ["elasticache:DescribeReplicationGroups", "elasticache:ModifyReplicationGroup"],
        resources: [replication.arn],
      },
    ],
    internet: true,
  });
  rotateSecret(place, secret, url, rotator, []);
  return {
    attributes: { arn: replication.arn, endpoint: replication.primaryEndpointAddress },
    secrets: { [secret]: url, [tokenSecret]: credentials },
  };
}
