/** Versity's S3 gateway in S3's place: a bucket is a folder on its disk, an object a file. */
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import { bucketClients, usedBuckets } from "./clients.ts";
import {
  ACCESS_KEY_ID,
  bucketName,
  credentialsName,
  OBJECTS,
  OBJECTS_PORT,
  SECRET_ACCESS_KEY,
  storeHost,
} from "./names.ts";
import type { StoreServer } from "./server-pod.ts";

const DATA_PATH = "/data";
const BUCKETS_PATH = `${DATA_PATH}/buckets`;
const HEALTH_PATH = "/health";

export function objectsEndpoint(settings: Settings): string {
  return `http://${storeHost(OBJECTS, settings)}:${OBJECTS_PORT}`;
}

export function objects(model: Model, settings: Settings): StoreServer {
  const folders = usedBuckets(model).map((bucket) => `${BUCKETS_PATH}/${bucketName(bucket, settings)}`);
  const asked = { httpGet: { path: HEALTH_PATH, port: "client" } };
  const credential = (variable: string, key: string) => ({
    name: variable,
    valueFrom: { secretKeyRef: { name: credentialsName(OBJECTS), key } },
  });
  return {
    name: OBJECTS,
    kind: "objects",
    port: OBJECTS_PORT,
    clients: bucketClients(model),
    dataPath: DATA_PATH,
    before: { name: "buckets", command: ["mkdir", "-p", ...folders] },
    container: {
      args: ["posix", BUCKETS_PATH],
      env: [
        credential("ROOT_ACCESS_KEY", ACCESS_KEY_ID),
        credential("ROOT_SECRET_KEY", SECRET_ACCESS_KEY),
        { name: "VGW_PORT", value: `:${OBJECTS_PORT}` },
        { name: "VGW_REGION", value: settings.region },
        { name: "VGW_HEALTH", value: HEALTH_PATH },
        // Ours hold an underscore, for the reason that names.ts gives.
        { name: "VGW_DISABLE_STRICT_BUCKET_NAMES", value: "true" },
      ],
      livenessProbe: asked,
      readinessProbe: asked,
    },
    stopTimeout: 60,
  };
}
