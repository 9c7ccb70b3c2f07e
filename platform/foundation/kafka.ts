/** MSK: a broker a zone, TLS throughout, clients by IAM only; the catalogue's topics, never made by accident. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";

/** @source MSK developer guide, "Supported Apache Kafka versions", 2026-11 */
const VERSION = "3.9.x";
const REPLICATION = 3;
const HOUR_MILLISECONDS = 3_600_000;

export function createKafka({ context, network, group, dataKey, store }: StorePlace): StoreAnswers {
  const { kafka } = context.sizes;
  const configuration = new aws.msk.Configuration(store.name, {
    kafkaVersions: [VERSION],
    serverProperties: [
      "auto.create.topics.enable=false",
      `default.replication.factor=${REPLICATION}`,
      // With acks=all, a write that was acknowledged survives the loss of a zone.
      `min.insync.replicas=${REPLICATION - 1}`,
      "unclean.leader.election.enable=false",
    ].join("\n"),
  });
  const logs = new aws.cloudwatch.LogGroup(`store-${store.name}`, {
    name: `/aws/msk/${context.name(store.name)}`,
    retentionInDays: context.settings.logRetentionDays,
    tags: context.tags(store.name),
  });
  const cluster = new aws.msk.Cluster(
    store.name,
    {
      clusterName: context.name(store.name),
      kafkaVersion: VERSION,
      numberOfBrokerNodes: network.isolatedSubnets.length,
      brokerNodeGroupInfo: {
        instanceType: kafka.instanceType,
        clientSubnets: network.isolatedSubnets.map(({ id }) => id),
        securityGroups: [group.id],
        storageInfo: { ebsStorageInfo: { volumeSize: kafka.storage } },
        connectivityInfo: { publicAccess: { type: "DISABLED" } },
      },
      clientAuthentication: { sasl: { iam: true, scram: false }, unauthenticated: false },
      encryptionInfo: {
        encryptionAtRestKmsKeyArn: dataKey.arn,
        encryptionInTransit: { clientBroker: "TLS", inCluster: true },
      },
      configurationInfo: { arn: configuration.arn, revision: configuration.latestRevision },
      enhancedMonitoring: "PER_TOPIC_PER_BROKER",
      loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled: true, logGroup: logs.name } } },
      tags: context.tags(store.name),
    },
    { protect: true },
  );
  const topics = createTopics(context, store.name, cluster);
  return {
    attributes: {
      arn: cluster.arn,
      brokers: cluster.bootstrapBrokersSaslIam,
      clusterName: cluster.clusterName,
      security: pulumi.output("iam"),
    },
    secrets: {},
    topics,
  };
}

/** By the topic's name. */
function createTopics({ model }: Context, store: string, cluster: aws.msk.Cluster): Record<string, aws.msk.Topic> {
  return Object.fromEntries(
    model.topics
      .filter((each) => each.store === store)
      .map(({ name, partitions, retentionHours }) => [
        name,
        new aws.msk.Topic(
          name,
          {
            clusterArn: cluster.arn,
            name,
            partitionCount: partitions,
            replicationFactor: REPLICATION,
            configs: JSON.stringify({ "retention.ms": String(retentionHours * HOUR_MILLISECONDS) }),
          },
          { protect: true },
        ),
      ]),
  );
}

/**
 * A consumer group's ARN, which is no resource: MSK's access control names it by its cluster's own name and id.
 * @source MSK developer guide, "Authorization policy resources", 2026-11
 */
export function groupArn(clusterArn: pulumi.Output<string>, group: string): pulumi.Output<string> {
  return clusterArn.apply((arn) => `${arn.replace(":cluster/", ":group/")}/${group}`);
}
