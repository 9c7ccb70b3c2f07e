/** Kafka without ZooKeeper: each server is broker and controller; in prod three of them, with three copies of everything. */
import type { Model, Store } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { clientsOf } from "./clients.ts";
import { topicsJobName } from "./kafka-topics.ts";
import { podsService, storeHost } from "./names.ts";
import { SETTINGS_PATH, type StoreServer } from "./server-pod.ts";
import { storeSize } from "./sizes.ts";

const CONTROLLER_PORT = 9093;
const DATA_PATH = "/var/lib/kafka";
/** Any 16 bytes in base64url: a cluster that no other one joins needs no other identity. */
const CLUSTER = "Y3J5cHRvdHJhY2tlci1rOA";

export function kafka({ name, port }: Store, model: Model, settings: Settings): StoreServer {
  const { memory } = storeSize("kafka", settings);
  return {
    name,
    kind: "kafka",
    port,
    clients: clientsOf(name, model),
    neighbours: [topicsJobName(name)],
    peerPorts: { controller: CONTROLLER_PORT, replication: REPLICATION_PORT },
    files: {
      "log4j2.yaml": LOGGING,
      "server.properties": properties(name, port, settings),
      "start.sh": start(name, port, settings),
    },
    dataPath: DATA_PATH,
    container: {
      command: ["bash", `${SETTINGS_PATH}/start.sh`],
      env: [
        field("POD_NAME", "metadata.name"),
        // @source Kubernetes docs, "StatefulSets", pod index label, since 1.28
        field("POD_INDEX", "metadata.labels['apps.kubernetes.io/pod-index']"),
        // The rest is the page cache's.
        { name: "KAFKA_HEAP_OPTS", value: `-Xms${memory / 2}m -Xmx${memory / 2}m` },
        { name: "KAFKA_LOG4J_OPTS", value: `-Dlog4j2.configurationFile=${SETTINGS_PATH}/log4j2.yaml` },
        // Its scripts would write files beside themselves otherwise, where nothing can be written.
        { name: "LOG_DIR", value: "/tmp" },
        { name: "EXTRA_ARGS", value: "-name kafkaServer" },
      ],
    },
    // Each partition's leader is handed over first.
    stopTimeout: 120,
  };
}

/** Between brokers. Clients have a listener of their own, so that what lets them in lets nobody else in. */
const REPLICATION_PORT = 9094;

function field(name: string, fieldPath: string) {
  return { name, valueFrom: { fieldRef: { apiVersion: "v1", fieldPath } } };
}

/** What all servers have alike. @source Kafka 4 documentation, "Broker Configs" */
function properties(name: string, port: number, settings: Settings): string {
  const { replicas } = storeSize("kafka", settings);
  const voters = Array.from(
    { length: replicas },
    (_, index) => `${index}@${name}-${index}.${storeHost(podsService(name), settings)}:${CONTROLLER_PORT}`,
  );
  const copies = Math.min(replicas, 3);
  // With three copies an acknowledged message is on two: any one server may be lost.
  const inSync = copies > 1 ? copies - 1 : 1;
  const values: Readonly<Record<string, string | number>> = {
    "process.roles": "broker,controller",
    "controller.quorum.voters": voters.join(","),
    listeners: `CLIENT://:${port},REPLICATION://:${REPLICATION_PORT},CONTROLLER://:${CONTROLLER_PORT}`,
    "listener.security.protocol.map": "CLIENT:PLAINTEXT,REPLICATION:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "REPLICATION",
    "controller.listener.names": "CONTROLLER",
    "log.dirs": `${DATA_PATH}/data`,
    "auto.create.topics.enable": "false",
    "unclean.leader.election.enable": "false",
    "default.replication.factor": copies,
    "min.insync.replicas": inSync,
    "offsets.topic.replication.factor": copies,
    "transaction.state.log.replication.factor": copies,
    "transaction.state.log.min.isr": inSync,
    "share.coordinator.state.topic.replication.factor": copies,
    "share.coordinator.state.topic.min.isr": inSync,
  };
  return Object.entries(values)
    .map(([key, value]) => `${key}=${value}\n`)
    .join("");
}

/** What each has by itself, and its disk made ready the first time. */
function start(name: string, port: number, settings: Settings): string {
  const pods = storeHost(podsService(name), settings);
  const advertised = `CLIENT://%s.${pods}:${port},REPLICATION://%s.${pods}:${REPLICATION_PORT}`;
  return [
    "set -euo pipefail",
    "own=/tmp/server.properties",
    `cp ${SETTINGS_PATH}/server.properties "$own"`,
    `printf 'node.id=%s\\nadvertised.listeners=${advertised}\\n' "$POD_INDEX" "$POD_NAME" "$POD_NAME" >> "$own"`,
    `/opt/kafka/bin/kafka-storage.sh format --ignore-formatted --cluster-id ${CLUSTER} --config "$own"`,
    'exec /opt/kafka/bin/kafka-server-start.sh "$own"',
    "",
  ].join("\n");
}

/** To stdout and nowhere else. @source Log4j 2 manual, "Configuration file" */
const LOGGING = JSON.stringify(
  {
    Configuration: {
      Appenders: { Console: { name: "STDOUT", PatternLayout: { pattern: "%d{ISO8601} %p %c %m%n" } } },
      Loggers: { Root: { level: "INFO", AppenderRef: [{ ref: "STDOUT" }] } },
    },
  },
  null,
  2,
);
