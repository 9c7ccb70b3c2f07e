/** Every store of the catalogue, each by what makes its kind. */
import * as pulumi from "@pulumi/pulumi";
import type { Model, Store } from "../model/types.ts";
import { createCache } from "./cache.ts";
import type { Context } from "./context.ts";
import { createDatabase } from "./database.ts";
import { createKafka } from "./kafka.ts";
import { createKey } from "./keys.ts";
import type { Network } from "./network.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { createRedis, createTimescale } from "./self-hosted.ts";
import type { StoreAnswers, StorePlace } from "./store.ts";
import type * as aws from "@pulumi/aws";

const MANAGED: Readonly<Record<Store["kind"], (place: StorePlace) => StoreAnswers>> = {
  postgres: createDatabase,
  redis: createCache,
  kafka: createKafka,
};

/** @throws pulumi.RunError `store-hosting` for stores that are to be hosted in a way that nothing here makes */
export function refuseUnknownHosting({ stores }: Model): void {
  const refused = stores.flatMap(({ name, kind, hosting }) => {
    if (hosting === "managed") return [];
    const { pool } = hosting.on;
    const wanted = kind === "postgres" ? "iops" : kind === "redis" ? "memory" : undefined;
    if (pool === wanted && hosting.volumes.length === 1 && (kind === "redis" || hosting.replicas === 0)) return [];
    const allowed = wanted === undefined ? "managed" : `managed, or the ${wanted} pool with one volume each`;
    return [`store-hosting  stores.${name}.hosting: found ${JSON.stringify(hosting)}; allowed: ${allowed}`];
  });
  if (refused.length > 0) throw new pulumi.RunError(refused.join("\n"));
}

function create({ kind, hosting }: Store): (place: StorePlace) => StoreAnswers {
  if (hosting === "managed") return MANAGED[kind];
  return (place) => (kind === "postgres" ? createTimescale(place, hosting) : createRedis(place, hosting));
}

/** By the store's name. */
export function createStores(
  context: Context,
  network: Network,
  groups: SecurityGroups,
  secretsKey: aws.kms.Key,
  ready: readonly pulumi.Resource[],
): Readonly<Record<string, StoreAnswers>> {
  const dataKey = createKey(context, "data", "Databases, caches and brokers");
  return Object.fromEntries(
    context.model.stores.map((store) => {
      const group = groups.stores[store.name];
      if (!group) throw new Error(`The store ${store.name} has no security group.`);
      return [
        store.name,
        create(store)({ context, network, group, endpoints: groups.endpoints, secretsKey, dataKey, ready, store }),
      ];
    }),
  );
}
