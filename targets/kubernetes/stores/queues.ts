/** ElasticMQ in SQS' place: its queues are in its settings, its messages on its disk. */
import type { Model, Queue } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { queueClients } from "./clients.ts";
import { QUEUES, QUEUES_PORT, storeHost } from "./names.ts";
import type { StoreServer } from "./server-pod.ts";
import { storeSize } from "./sizes.ts";

/** ElasticMQ's own number for the account that a queue's URL names. @source ElasticMQ, reference.conf */
const ACCOUNT = "000000000000";
const DATA_PATH = "/data";

export function queueUrl(queue: string, settings: Settings): string {
  return `${queuesEndpoint(settings)}/${ACCOUNT}/${queue}`;
}

export function queuesEndpoint(settings: Settings): string {
  return `http://${storeHost(QUEUES, settings)}:${QUEUES_PORT}`;
}

export function queues(model: Model, settings: Settings): StoreServer {
  const { memory } = storeSize("queues", settings);
  const asked = { httpGet: { path: "/health", port: "client" } };
  return {
    name: QUEUES,
    kind: "queues",
    port: QUEUES_PORT,
    clients: queueClients(model),
    files: { "elasticmq.conf": configuration(model, settings) },
    placed: { "/opt/elasticmq.conf": "elasticmq.conf" },
    dataPath: DATA_PATH,
    container: {
      env: [{ name: "JAVA_OPTS", value: `-Xmx${memory / 2}m` }],
      livenessProbe: asked,
      readinessProbe: asked,
    },
    stopTimeout: 30,
  };
}

/** JSON is HOCON, but for the include. @source ElasticMQ, README, "Automatically creating queues on startup" */
function configuration(model: Model, settings: Settings): string {
  const own = {
    "node-address": { protocol: "http", host: storeHost(QUEUES, settings), port: QUEUES_PORT, "context-path": "" },
    "rest-sqs": { enabled: true, "bind-port": QUEUES_PORT, "bind-hostname": "0.0.0.0", "sqs-limits": "strict" },
    "rest-stats": { enabled: false },
    // Without the delay of its own a message is on the disk before its sender hears of it.
    "messages-storage": { enabled: true, uri: `jdbc:h2:${DATA_PATH}/messages;WRITE_DELAY=0` },
    aws: { region: settings.region, accountId: ACCOUNT },
    queues: Object.fromEntries(model.queues.flatMap(withDeadLetters)),
  };
  return `include classpath("application.conf")\n${JSON.stringify(own, null, 2).slice(2, -2)}\n`;
}

function withDeadLetters({ name, visibility, maxReceives }: Queue): readonly (readonly [string, object])[] {
  const dead = `${name}-dead`;
  return [
    [
      name,
      {
        defaultVisibilityTimeout: `${visibility} seconds`,
        deadLettersQueue: { name: dead, maxReceiveCount: maxReceives },
      },
    ],
    [dead, {}],
  ];
}
