import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./brokers.ts";

const KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
const NODES = { clientSubnets: ["subnet-1"], instanceType: "kafka.m7g.large", securityGroups: ["sg-1"] };
const CLUSTER = { kafkaVersion: "3.9.x", numberOfBrokerNodes: 3, brokerNodeGroupInfo: NODES };
const transit = (clientBroker: string, inCluster: boolean) => ({
  ...CLUSTER,
  encryptionInfo: { encryptionInTransit: { clientBroker, inCluster } },
});
const access = (type: string) => ({
  ...CLUSTER,
  brokerNodeGroupInfo: { ...NODES, connectivityInfo: { publicAccess: { type } } },
});
const logs = (enabled: boolean) => ({
  ...CLUSTER,
  loggingInfo: { brokerLogs: { cloudwatchLogs: { enabled, logGroup: "/aws/msk/kafka" } } },
});
const settings = (...lines: readonly string[]) => ({ serverProperties: lines.join("\n") });

export const fixtures: FixturesOf<typeof rules> = {
  brokerTls: {
    compliant: transit("TLS", true),
    violating: [
      { given: transit("TLS_PLAINTEXT", true), found: "clientBroker: found TLS_PLAINTEXT" },
      { given: transit("TLS", false), found: "inCluster: found false" },
    ],
    decides: "encryptionInfo",
    absent: "kept",
  },
  brokerEncrypted: {
    compliant: { ...CLUSTER, encryptionInfo: { encryptionAtRestKmsKeyArn: KEY } },
    violating: [{ given: { ...CLUSTER, encryptionInfo: {} }, found: "encryptionAtRestKmsKeyArn: found nothing" }],
    decides: "encryptionInfo",
    absent: "broken",
  },
  brokerMonitoring: {
    compliant: { ...CLUSTER, enhancedMonitoring: "PER_TOPIC_PER_BROKER" },
    violating: [{ given: { ...CLUSTER, enhancedMonitoring: "PER_BROKER" }, found: "found PER_BROKER" }],
    decides: "enhancedMonitoring",
    absent: "broken",
  },
  brokerPublic: {
    compliant: access("DISABLED"),
    violating: [{ given: access("SERVICE_PROVIDED_EIPS"), found: "found SERVICE_PROVIDED_EIPS" }],
    decides: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type",
    absent: "kept",
  },
  brokerAuthenticated: {
    compliant: { ...CLUSTER, clientAuthentication: { sasl: { iam: true } } },
    violating: [
      { given: { ...CLUSTER, clientAuthentication: { unauthenticated: true } }, found: "unauthenticated: found true" },
      { given: { ...CLUSTER, clientAuthentication: { sasl: { iam: false } } }, found: "clientAuthentication: found" },
    ],
    decides: "clientAuthentication",
    absent: "broken",
  },
  brokerLogs: {
    compliant: logs(true),
    violating: [{ given: logs(false), found: "found nowhere" }],
    decides: "loggingInfo",
    absent: "broken",
  },
  brokerDurable: {
    compliant: settings("default.replication.factor=3", "min.insync.replicas = 2"),
    violating: [
      { given: settings("default.replication.factor=2", "min.insync.replicas=2"), found: "factor: found 2" },
      {
        given: settings("default.replication.factor=3", "min.insync.replicas=2", "unclean.leader.election.enable=true"),
        found: "unclean.leader.election.enable: found true",
      },
    ],
    decides: "serverProperties",
    absent: "broken",
  },
};
