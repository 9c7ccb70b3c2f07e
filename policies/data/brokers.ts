/** MSK. */
import { resourceRule } from "../framework/rule.ts";
import { brokers, brokerSettings } from "./subjects.ts";

export const brokerTls = resourceRule({
  name: "msk-tls",
  description: "Brokers speak TLS, with clients and with each other.",
  controls: ["MSK.1"],
  severity: "medium",
  remedy: "Set encryptionInTransit with clientBroker TLS and inCluster true.",
  on: brokers,
  *check({ encryptionInfo }) {
    const { clientBroker = "TLS", inCluster = true } = encryptionInfo?.encryptionInTransit ?? {};
    const at = "encryptionInfo.encryptionInTransit";
    if (clientBroker !== "TLS") yield { at: `${at}.clientBroker`, found: clientBroker, allowed: "TLS" };
    if (!inCluster) yield { at: `${at}.inCluster`, found: false, allowed: "true" };
  },
});

export const brokerEncrypted = resourceRule({
  name: "msk-encrypted",
  description: "Brokers' disks are encrypted by a key of the platform's own.",
  controls: ["MSK.1"],
  severity: "medium",
  remedy: "Set encryptionInfo.encryptionAtRestKmsKeyArn.",
  on: brokers,
  *check({ encryptionInfo }) {
    const found = encryptionInfo?.encryptionAtRestKmsKeyArn;
    if (found === undefined) yield { at: "encryptionInfo.encryptionAtRestKmsKeyArn", found, allowed: "a customer key" };
  },
});

export const brokerMonitoring = resourceRule({
  name: "msk-monitoring",
  description: "Each broker is measured by itself: one that lags behind shows.",
  controls: ["MSK.2"],
  severity: "low",
  remedy: "Set enhancedMonitoring to PER_TOPIC_PER_BROKER.",
  on: brokers,
  *check({ enhancedMonitoring: found = "DEFAULT" }) {
    if (!found.startsWith("PER_TOPIC")) yield { at: "enhancedMonitoring", found, allowed: "PER_TOPIC_PER_BROKER" };
  },
});

export const brokerPublic = resourceRule({
  name: "msk-public-access",
  description: "Brokers are reached from inside the VPC alone.",
  controls: ["MSK.4"],
  severity: "critical",
  remedy: "Set connectivityInfo.publicAccess.type to DISABLED.",
  on: brokers,
  *check({ brokerNodeGroupInfo }) {
    const found = brokerNodeGroupInfo?.connectivityInfo?.publicAccess?.type ?? "DISABLED";
    if (found !== "DISABLED") {
      yield { at: "brokerNodeGroupInfo.connectivityInfo.publicAccess.type", found, allowed: "DISABLED" };
    }
  },
});

export const brokerAuthenticated = resourceRule({
  name: "msk-authentication",
  description: "Brokers ask who is there.",
  controls: ["MSK.6"],
  severity: "medium",
  remedy: "Set clientAuthentication.unauthenticated to false, and sasl.iam to true.",
  on: brokers,
  *check({ clientAuthentication }) {
    if (clientAuthentication?.unauthenticated) {
      yield { at: "clientAuthentication.unauthenticated", found: true, allowed: "false" };
    }
    const { sasl, tls } = clientAuthentication ?? {};
    if (!sasl?.iam && !sasl?.scram && (tls?.certificateAuthorityArns ?? []).length === 0) {
      yield { at: "clientAuthentication", found: undefined, allowed: "sasl.iam, sasl.scram or tls" };
    }
  },
});

export const brokerLogs = resourceRule({
  name: "msk-logs",
  description: "Brokers' logs are kept where they outlive the brokers.",
  controls: ["MSK.2"],
  severity: "medium",
  remedy: "Set loggingInfo.brokerLogs.cloudwatchLogs.",
  on: brokers,
  *check({ loggingInfo }) {
    const { cloudwatchLogs, firehose, s3 } = loggingInfo?.brokerLogs ?? {};
    if (!cloudwatchLogs?.enabled && !firehose?.enabled && !s3?.enabled) {
      yield { at: "loggingInfo.brokerLogs", found: "nowhere", allowed: "cloudwatchLogs, firehose or s3" };
    }
  },
});

/** Property → what keeps an acknowledged message through the loss of one broker. */
const DURABLE: Readonly<Record<string, (value: number) => boolean>> = {
  "default.replication.factor": (copies) => copies >= 3,
  "min.insync.replicas": (copies) => copies >= 2,
};

export const brokerDurable = resourceRule({
  name: "msk-durable",
  description: "An acknowledged message is on two brokers at least, and a broker that lags never leads.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Set default.replication.factor 3, min.insync.replicas 2 and unclean.leader.election.enable false.",
  on: brokerSettings,
  *check({ serverProperties = "" }) {
    const set = new Map(serverProperties.split("\n").map((line) => split(line)));
    for (const [property, enough] of Object.entries(DURABLE)) {
      const found = set.get(property);
      if (found === undefined || !enough(Number(found))) yield { at: property, found, allowed: "3 copies, 2 in sync" };
    }
    if (set.get("unclean.leader.election.enable") === "true") {
      yield { at: "unclean.leader.election.enable", found: true, allowed: "false" };
    }
  },
});

function split(line: string): readonly [string, string] {
  const [name = "", value = ""] = line.split("=");
  return [name.trim(), value.trim()];
}
