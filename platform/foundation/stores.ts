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
import type { StoreAnswers, StorePlace } from "./store.ts";
import type * as aws from "@pulumi/aws";

const CREATE: Readonly<Record<Store["kind"], (place: StorePlace) => StoreAnswers>> = {
  postgres: createDatabase,
  redis: createCache,
  kafka: createKafka,
};

/** @throws pulumi.RunError `store-hosting` for stores that are to be hosted in a way that nothing here makes */
export function refuseUnknownHosting({ stores }: Model): void {
  const refused = stores.filter(({ hosting }) => hosting !== "managed");
  if (refused.length === 0) return;
  throw new pulumi.RunError(
    refused
      .map(({ name }) => `store-hosting  stores.${name}.hosting: found instances of our own; allowed: managed`)
      .join("\n"),
  );
}

/** By the store's name. */
export function createStores(
  context: Context,
  network: Network,
  groups: SecurityGroups,
  secretsKey: aws.kms.Key,
): Readonly<Record<string, StoreAnswers>> {
  const dataKey = createKey(context, "data", "Databases, caches and brokers");
  return Object.fromEntries(
    context.model.stores.map((store) => {
      const group = groups.stores[store.name];
      if (!group) throw new Error(`The store ${store.name} has no security group.`);
      return [store.name, CREATE[store.kind]({ context, network, group, secretsKey, dataKey, store })];
    }),
  );
}
