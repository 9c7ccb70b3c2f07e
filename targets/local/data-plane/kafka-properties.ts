/** The broker's settings: one node, one copy of everything, quick group changes. */
import { LOCALHOST } from "../processes/ports.ts";

interface Node {
  /** Absolute path of the formatted data folder. */
  readonly data: string;
  readonly port: number;
  readonly controllerPort: number;
}

/** The text of `server.properties`. @source Kafka 4 documentation, "Broker Configs" */
export function kafkaProperties({ data, port, controllerPort }: Node): string {
  const properties: Readonly<Record<string, string | number>> = {
    "process.roles": "broker,controller",
    "node.id": 1,
    "controller.quorum.voters": `1@${LOCALHOST}:${controllerPort}`,
    listeners: `PLAINTEXT://${LOCALHOST}:${port},CONTROLLER://${LOCALHOST}:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://${LOCALHOST}:${port}`,
    "controller.listener.names": "CONTROLLER",
    "log.dirs": data,
    // a topic's name spelt wrong is an error, as on MSK, and not a new topic
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": 1,
    "offsets.topic.num.partitions": 4,
    "transaction.state.log.replication.factor": 1,
    "transaction.state.log.min.isr": 1,
    "transaction.state.log.num.partitions": 2,
    "share.coordinator.state.topic.replication.factor": 1,
    "share.coordinator.state.topic.min.isr": 1,
    // a new group starts at once instead of after 3 s, and clients may notice a dead member sooner than after 6 s
    "group.initial.rebalance.delay.ms": 0,
    "group.min.session.timeout.ms": 1000,
    // a killed broker may come back once its old session is over: after 3 s instead of 9
    "broker.session.timeout.ms": 3000,
    "broker.heartbeat.interval.ms": 500,
    // the default, 128 MB, doesn't fit the heap
    "log.cleaner.dedupe.buffer.size": 4 * 1024 * 1024,
    "num.network.threads": 2,
    "num.io.threads": 2,
  };
  return Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
}
