/** A volume for each claim whose pod has been given a node: what a storage driver's provisioner does. */
import { z } from "zod";
import type { ApiServer } from "./api.ts";
import { Watch } from "./watch.ts";

/** The scheduler has decided, and waits for the volume. @source Kubernetes, persistent volumes, "Volume Binding Mode" */
const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** A cluster's default class, where the manifests bring none of their own. */
const DEFAULT_CLASS = {
  apiVersion: "storage.k8s.io/v1",
  kind: "StorageClass",
  metadata: { name: "default", annotations: { "storageclass.kubernetes.io/is-default-class": "true" } },
  provisioner: "simulated.internal/volumes",
  volumeBindingMode: "WaitForFirstConsumer",
};

const claimSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    name: z.string(),
    namespace: z.string(),
    annotations: z.record(z.string(), z.string()).default({}),
  }),
  spec: z.object({
    accessModes: z.array(z.string()),
    storageClassName: z.string().optional(),
    volumeName: z.string().optional(),
    resources: z.object({ requests: z.object({ storage: z.string() }) }),
  }),
});

export class SimulatedVolumes {
  readonly #api: ApiServer;
  readonly #made = new Set<string>();
  #watch: Watch | undefined;

  static async start(api: ApiServer): Promise<SimulatedVolumes> {
    await api.must("POST", "/apis/storage.k8s.io/v1/storageclasses", DEFAULT_CLASS);
    const volumes = new SimulatedVolumes(api);
    volumes.#watch = await Watch.start(api, "/api/v1/persistentvolumeclaims", (change, object) => {
      if (change !== "DELETED") volumes.#provision(object);
    });
    return volumes;
  }

  private constructor(api: ApiServer) {
    this.#api = api;
  }

  #provision(object: unknown): void {
    const { metadata, spec } = claimSchema.parse(object);
    const node = metadata.annotations[SELECTED_NODE];
    if (node === undefined || spec.volumeName !== undefined || this.#made.has(metadata.uid)) return;
    this.#made.add(metadata.uid);
    const volume = {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name: `pvc-${metadata.uid}`,
        annotations: { "pv.kubernetes.io/provisioned-by": DEFAULT_CLASS.provisioner },
      },
      spec: {
        accessModes: spec.accessModes,
        capacity: spec.resources.requests,
        claimRef: {
          apiVersion: "v1",
          kind: "PersistentVolumeClaim",
          name: metadata.name,
          namespace: metadata.namespace,
          uid: metadata.uid,
        },
        persistentVolumeReclaimPolicy: "Retain",
        storageClassName: spec.storageClassName,
        hostPath: { path: `/simulated/${metadata.uid}` },
      },
    };
    this.#api.must("POST", "/api/v1/persistentvolumes", volume).catch((error: unknown) => this.#watch?.fail(error));
  }

  /** @throws Error when a claim has got no volume */
  check(): void {
    this.#watch?.check();
  }

  async stop(): Promise<void> {
    await this.#watch?.stop();
  }
}
