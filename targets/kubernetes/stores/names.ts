/** Where the stores of a cluster are and what they are called. What stands in for SQS and S3 is a store like the others. */
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { selector } from "../names.ts";

/** What stands in for SQS and for S3. */
export const QUEUES = "queues";
export const OBJECTS = "objects";

export const QUEUES_PORT = 9324;
export const OBJECTS_PORT = 7070;

/** The database's owner, the database and the object store's account have one name. */
export const OWNER = "cryptotracker";

/** A namespace of their own: it has fences of its own, and it outlives the workloads. */
export function dataNamespace({ namespace }: Pick<Settings, "namespace">): string {
  return `${namespace}-data`;
}

/** The whole name, so that `ndots` costs no extra look-up. */
export function storeHost(store: string, settings: Pick<Settings, "namespace">): string {
  return `${store}.${dataNamespace(settings)}.svc.cluster.local`;
}

/** The headless Service that gives each of a store's pods a name. */
export function podsService(store: string): string {
  return `${store}-pods`;
}

/** A Secret of the data namespace, with what a store is told about its clients. */
export function credentialsName(store: string): string {
  return `${store}-credentials`;
}

/** Keys of the Secrets that the deployer makes. */
export const PASSWORD_KEY = "password";
export const ACCESS_KEY_ID = "access-key-id";
export const SECRET_ACCESS_KEY = "secret-access-key";

/**
 * No host name holds an underscore, so every SDK puts such a bucket into the path and none into the host's name, which
 * a cluster's DNS would not know. @source S3 user guide, "Virtual hosting of buckets", 2026-11
 */
export function bucketName(bucket: string, { project }: Pick<Settings, "project">): string {
  return `${project}_${bucket}`;
}

export function storeLabels(store: string, model: Model): Record<string, string> {
  return {
    "app.kubernetes.io/component": "store",
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": model.project,
    ...selector(store),
  };
}

export function storeMetadata(store: string, model: Model, settings: Settings) {
  return { name: store, namespace: dataNamespace(settings), labels: storeLabels(store, model) };
}
