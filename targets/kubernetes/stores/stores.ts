/** Everything that a plain cluster brings in the place of RDS, ElastiCache, MSK, SQS and S3. */
import type { Model, Store } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { ClusterManifest } from "../forms.ts";
import { cpuQuantity, memoryQuantity } from "../quantities.ts";
import { defaultDeny, limitRange, namespace, quota, type Ceilings } from "../shared.ts";
import { bucketClients, queueClients } from "./clients.ts";
import { kafka } from "./kafka.ts";
import { topicsJob, TOPICS_COMPUTE } from "./kafka-topics.ts";
import { dataNamespace } from "./names.ts";
import { objects } from "./objects.ts";
import { postgres } from "./postgres.ts";
import { queues } from "./queues.ts";
import { redis } from "./redis.ts";
import type { StoreServer } from "./server-pod.ts";
import { storeServer } from "./server.ts";
import { storeSize } from "./sizes.ts";

const SERVERS: Readonly<Record<Store["kind"], (store: Store, model: Model, settings: Settings) => StoreServer>> = {
  postgres,
  redis,
  kafka,
};

/** In the order in which they are applied. Queues and buckets only where a workload uses one. */
export function stores(model: Model, settings: Settings): readonly ClusterManifest[] {
  const servers = [
    ...model.stores.map((store) => SERVERS[store.kind](store, model, settings)),
    ...(queueClients(model).length > 0 ? [queues(model, settings)] : []),
    ...(bucketClients(model).length > 0 ? [objects(model, settings)] : []),
  ];
  const brokers = model.stores.filter(({ kind }) => kind === "kafka");
  const data = dataNamespace(settings);
  return [
    namespace(data, model),
    quota(data, model, ceilings(servers, brokers.length, settings)),
    limitRange(data, model),
    defaultDeny(data, model),
    ...servers.flatMap((server) => storeServer(server, model, settings)),
    ...brokers.flatMap((store) => topicsJob(store, model, settings)),
  ];
}

/** What the servers and their jobs ask for, and no more: nothing else belongs beside them. */
function ceilings(servers: readonly StoreServer[], jobs: number, settings: Settings): Ceilings {
  const sizes = servers.map(({ kind }) => storeSize(kind, settings));
  const sum = (each: (size: (typeof sizes)[number]) => number, job: number) =>
    sizes.reduce((total, size) => total + size.replicas * each(size), jobs * job);
  return {
    cpu: cpuQuantity(sum(({ cpu }) => cpu, TOPICS_COMPUTE.cpu)),
    memory: memoryQuantity(sum(({ memory }) => memory, TOPICS_COMPUTE.memory)),
    pods: sum(() => 1, 1),
    gpus: 0,
  };
}
