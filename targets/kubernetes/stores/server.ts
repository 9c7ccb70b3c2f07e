/** A store's server → everything that it is in a cluster: identity, fence, settings, names, pods with disks of their own. */
import { createHash } from "node:crypto";
import { LABEL_DOMAIN } from "../../../platform/conventions.ts";
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { ClusterManifest } from "../forms.ts";
import { selector } from "../names.ts";
import { diskQuantity } from "../quantities.ts";
import { storeFence } from "./fences.ts";
import { podsService, storeLabels, storeMetadata } from "./names.ts";
import { CLIENT, DATA, storePod, type StoreServer } from "./server-pod.ts";
import { storeSize } from "./sizes.ts";

/** In the order in which they are applied. */
export function storeServer(server: StoreServer, model: Model, settings: Settings): readonly ClusterManifest[] {
  const { name, port, clients, neighbours = [], peerPorts = {} } = server;
  const metadata = storeMetadata(name, model, settings);
  const ports = { [CLIENT]: port, ...peerPorts };
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata, automountServiceAccountToken: false },
    storeFence({ name, port, clients, neighbours, peerPorts: Object.values(peerPorts) }, model, settings),
    ...(server.files ? [{ apiVersion: "v1", kind: "ConfigMap", metadata, data: { ...server.files } } as const] : []),
    service(name, { [CLIENT]: port }, false, model, settings),
    service(podsService(name), ports, true, model, settings, name),
    statefulSet(server, ports, model, settings),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      // A single server may go as well, or its node could never be drained: it comes back with its disk.
      spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: "AlwaysAllow", selector: { matchLabels: selector(name) } },
    },
  ];
}

function service(
  name: string,
  ports: Readonly<Record<string, number>>,
  headless: boolean,
  model: Model,
  settings: Settings,
  store: string = name,
): ClusterManifest {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { ...storeMetadata(store, model, settings), name },
    spec: {
      type: "ClusterIP",
      // Replicas find each other before they are ready, for together they become so.
      ...(headless ? { clusterIP: "None", publishNotReadyAddresses: true } : {}),
      selector: selector(store),
      ports: Object.entries(ports).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: port,
        protocol: "TCP",
      })),
    },
  };
}

function statefulSet(
  server: StoreServer,
  ports: Readonly<Record<string, number>>,
  model: Model,
  settings: Settings,
): ClusterManifest {
  const { name, kind } = server;
  const { disk, replicas } = storeSize(kind, settings);
  const { storageClass } = settings.kubernetes;
  return {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: storeMetadata(name, model, settings),
    spec: {
      replicas,
      serviceName: podsService(name),
      selector: { matchLabels: selector(name) },
      // A quorum starts together; an update goes one by one either way.
      podManagementPolicy: "Parallel",
      updateStrategy: { type: "RollingUpdate" },
      minReadySeconds: replicas > 1 ? 15 : 0,
      revisionHistoryLimit: 10,
      persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
      template: {
        metadata: { labels: storeLabels(name, model), annotations: changed(server) },
        spec: storePod(server, ports, model, settings),
      },
      volumeClaimTemplates: [
        {
          metadata: { name: DATA, labels: storeLabels(name, model) },
          spec: {
            accessModes: ["ReadWriteOnce"],
            ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
            resources: { requests: { storage: diskQuantity(disk) } },
          },
        },
      ],
    },
  };
}

/** A pod does not see that its files have changed; a template that has does. */
function changed({ files }: StoreServer): Record<string, string> {
  if (!files) return {};
  const sum = createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 16);
  return { [`${LABEL_DOMAIN}/settings`]: sum };
}
