/** ElastiCache: a replication group over zones that fails over by itself, reached by TLS and a token. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { storeSecret } from "../model/wiring.ts";
import { createSecret, randomText } from "./secrets.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

export function createCache({ context, network, group, secretsKey, dataKey, store }: StorePlace): StoreAnswers {
  const { cache } = context.sizes;
  const { secret, key } = storeSecret(store.name);
  const credentials = createSecret(context, secretsKey, `${store.name}-token`, `Token of ${store.name}`, {
    token: randomText(),
  });
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
  return {
    attributes: { arn: replication.arn, endpoint: replication.primaryEndpointAddress },
    secrets: { [secret]: url, [`${store.name}-token`]: credentials },
  };
}
