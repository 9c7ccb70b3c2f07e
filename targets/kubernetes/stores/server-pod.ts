/** What a store's server is, and the pod that it runs in. Meets the Pod Security Standard *restricted*. */
import { TEMPORARY_PATH, TEMPORARY_SIZE_MIB } from "../../../platform/conventions.ts";
import type { Model, Seconds } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { PodSpec } from "../forms.ts";
import { SERVING_PRIORITY } from "../names.ts";
import { spreadOver } from "../pod.ts";
import { memoryQuantity } from "../quantities.ts";
import { resources } from "../resources.ts";
import { storeImage, type StoreKind } from "./images.ts";
import { storeSize } from "./sizes.ts";

type Container = PodSpec["containers"][number];

export interface StoreServer {
  readonly name: string;
  readonly kind: StoreKind;
  readonly port: number;
  /** Workloads that may come. */
  readonly clients: readonly string[];
  /** Jobs of the data namespace that may come. */
  readonly neighbours?: readonly string[];
  /** Named ports on which its replicas talk to each other. */
  readonly peerPorts?: Readonly<Record<string, number>>;
  /** Files under `settingsPath`, by name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Where its disk is mounted. A disk's root may hold `lost+found`, so a server's data is in a folder of it. */
  readonly dataPath: string;
  /** Other paths that it writes to, in memory, with their most MiB. */
  readonly scratch?: Readonly<Record<string, number>>;
  readonly container: Pick<Container, "command" | "args" | "env" | "livenessProbe" | "readinessProbe">;
  /** Single files of `settingsPath` that the image looks for elsewhere: path → name. */
  readonly placed?: Readonly<Record<string, string>>;
  /** What runs before it, on the same disk. */
  readonly before?: Pick<Container, "name" | "command" | "args" | "env">;
  /** Between SIGTERM and SIGKILL: what it takes to write everything down. */
  readonly stopTimeout: Seconds;
}

export const SETTINGS_PATH = "/etc/store";

/** The port for clients, by its name. */
export const CLIENT = "client";
/** The disk, by its claim's name. */
export const DATA = "data";
const SETTINGS = "settings";

/** Asked every few seconds, so the first start may take ten minutes: a large log is read back. */
const STARTUP = { periodSeconds: 5, timeoutSeconds: 5, failureThreshold: 120 } as const;

export function storePod(
  server: StoreServer,
  ports: Readonly<Record<string, number>>,
  model: Model,
  settings: Settings,
): PodSpec {
  const { user, group } = storeImage(server.kind, server.name, settings);
  const scratch = Object.entries(server.scratch ?? {});
  return {
    serviceAccountName: server.name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: `${model.project}-${SERVING_PRIORITY}`,
    terminationGracePeriodSeconds: server.stopTimeout,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: group,
      fsGroup: group,
      // A large disk's files are theirs already: nothing is gained by going through all of them at each start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    topologySpreadConstraints: spreadOver(server.name),
    ...(server.before ? { initContainers: [{ ...common(server, settings), ...server.before }] } : {}),
    containers: [
      {
        name: server.name,
        ...common(server, settings),
        ...server.container,
        ports: Object.entries(ports).map(([port, containerPort]) => ({ name: port, containerPort, protocol: "TCP" })),
        ...probes(server),
      },
    ],
    volumes: [
      { name: "tmp", emptyDir: { sizeLimit: memoryQuantity(TEMPORARY_SIZE_MIB) } },
      ...scratch.map(([, most], index) => ({
        name: `scratch-${index}`,
        emptyDir: { medium: "Memory", sizeLimit: memoryQuantity(most) },
      })),
      ...(server.files ? [{ name: SETTINGS, configMap: { name: server.name } }] : []),
    ],
  };
}

/** What all containers of the pod have alike. */
function common(server: StoreServer, settings: Settings): Omit<Container, "name"> {
  const { cpu, memory } = storeSize(server.kind, settings);
  const { reference } = storeImage(server.kind, server.name, settings);
  return {
    image: reference,
    imagePullPolicy: "IfNotPresent",
    resources: resources({
      cpu,
      cpuCap: "burst",
      memory,
      on: { pool: "general", ephemeral: 1 },
      purchase: "onDemand",
      architecture: "x86_64",
    }),
    securityContext: {
      allowPrivilegeEscalation: false,
      privileged: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    volumeMounts: [
      { name: DATA, mountPath: server.dataPath },
      { name: "tmp", mountPath: TEMPORARY_PATH },
      ...Object.keys(server.scratch ?? {}).map((mountPath, index) => ({ name: `scratch-${index}`, mountPath })),
      ...(server.files ? [{ name: SETTINGS, mountPath: SETTINGS_PATH, readOnly: true }] : []),
      ...Object.entries(server.placed ?? {}).map(([mountPath, subPath]) => ({
        name: SETTINGS,
        mountPath,
        subPath,
        readOnly: true,
      })),
    ],
  };
}

/** Its port, where the store has no better question. */
function probes({ container }: StoreServer): Partial<Container> {
  const open = { tcpSocket: { port: CLIENT } };
  const live = container.livenessProbe ?? open;
  const ready = container.readinessProbe ?? open;
  return {
    startupProbe: { ...ready, ...STARTUP },
    livenessProbe: { ...live, periodSeconds: 30, timeoutSeconds: 5, failureThreshold: 3 },
    readinessProbe: { ...ready, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
  };
}
