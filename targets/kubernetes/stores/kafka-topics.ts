/** The topics of a broker, by a job with the image's own tool: made where they are missing, never made smaller. */
import { TEMPORARY_PATH, TEMPORARY_SIZE_MIB } from "../../../platform/conventions.ts";
import type { Compute, Model, Seconds, Store } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { Manifest } from "../forms.ts";
import { BATCH_PRIORITY } from "../names.ts";
import { memoryQuantity } from "../quantities.ts";
import { resources } from "../resources.ts";
import { jobFence } from "./fences.ts";
import { storeImage } from "./images.ts";
import { storeHost, storeLabels, storeMetadata } from "./names.ts";

/** The brokers are up when it starts; a coordinator may still be loading. */
const ATTEMPTS = 6;
const DEADLINE: Seconds = 600;
const HOUR_MILLISECONDS = 3_600_000;

export const TOPICS_COMPUTE: Compute = {
  cpu: 256,
  cpuCap: "burst",
  memory: 512,
  on: { pool: "general", ephemeral: 1 },
  purchase: "onDemand",
  architecture: "x86_64",
};

export function topicsJobName(store: string): string {
  return `${store}-topics`;
}

/** In the order in which they are applied. A change of the topics makes another job of it, which the deployer replaces. */
export function topicsJob(store: Store, model: Model, settings: Settings): readonly Manifest[] {
  const name = topicsJobName(store.name);
  const metadata = storeMetadata(name, model, settings);
  const { reference, user, group } = storeImage("kafka", store.name, settings);
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    jobFence(name, store.name, store.port, model, settings),
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata,
      spec: {
        backoffLimit: ATTEMPTS - 1,
        activeDeadlineSeconds: DEADLINE,
        template: {
          metadata: { labels: storeLabels(name, model) },
          spec: {
            serviceAccountName: name,
            automountServiceAccountToken: false,
            enableServiceLinks: false,
            priorityClassName: `${model.project}-${BATCH_PRIORITY}`,
            restartPolicy: "Never",
            securityContext: {
              runAsNonRoot: true,
              runAsUser: user,
              runAsGroup: group,
              seccompProfile: { type: "RuntimeDefault" },
            },
            containers: [
              {
                name: "topics",
                image: reference,
                imagePullPolicy: "IfNotPresent",
                command: ["bash", "-c"],
                args: [script(store, model, settings)],
                env: [
                  { name: "KAFKA_HEAP_OPTS", value: "-Xmx192m" },
                  { name: "LOG_DIR", value: TEMPORARY_PATH },
                ],
                resources: resources(TOPICS_COMPUTE),
                securityContext: {
                  allowPrivilegeEscalation: false,
                  privileged: false,
                  readOnlyRootFilesystem: true,
                  capabilities: { drop: ["ALL"] },
                },
                volumeMounts: [{ name: "tmp", mountPath: TEMPORARY_PATH }],
              },
            ],
            volumes: [{ name: "tmp", emptyDir: { sizeLimit: memoryQuantity(TEMPORARY_SIZE_MIB) } }],
          },
        },
      },
    },
  ];
}

/** Partitions only grow and a retention is set anew, so it may run as often as it likes. */
export function script(store: Store, model: Model, settings: Settings): string {
  const topics = model.topics.filter(({ store: of }) => of === store.name);
  return [
    "set -euo pipefail",
    "bin=/opt/kafka/bin",
    `to="--bootstrap-server ${storeHost(store.name, settings)}:${store.port}"`,
    'known=$("$bin/kafka-topics.sh" $to --list)',
    "topic() {",
    '  if ! grep -Fqx "$1" <<< "$known"; then',
    '    "$bin/kafka-topics.sh" $to --create --if-not-exists --topic "$1" --partitions "$2" --config "retention.ms=$3"',
    "    return",
    "  fi",
    `  have=$("$bin/kafka-topics.sh" $to --describe --topic "$1" | sed -n 's/.*PartitionCount: *\\([0-9]*\\).*/\\1/p')`,
    '  if [ "$have" -lt "$2" ]; then "$bin/kafka-topics.sh" $to --alter --topic "$1" --partitions "$2"; fi',
    '  "$bin/kafka-configs.sh" $to --alter --entity-type topics --entity-name "$1" --add-config "retention.ms=$3"',
    "}",
    ...topics.map(
      ({ name, partitions, retentionHours }) => `topic ${name} ${partitions} ${retentionHours * HOUR_MILLISECONDS}`,
    ),
    "",
  ].join("\n");
}
