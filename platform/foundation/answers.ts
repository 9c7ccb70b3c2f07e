/** What the foundation says to each placeholder that is shared: ARNs, names, addresses. Never a secret's value. */
import * as pulumi from "@pulumi/pulumi";
import { storeOfTopic } from "../model/lookup.ts";
import type { Model } from "../model/types.ts";
import type { Buckets } from "./buckets.ts";
import type { Endpoints } from "./endpoints.ts";
import type { BuiltImages } from "./images.ts";
import { groupArn } from "./kafka.ts";
import type { Queues } from "./messaging.ts";
import type { Network } from "./network.ts";
import type { StoredSecret } from "./secrets.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { StoreAnswers } from "./store.ts";
import type { LogGroups } from "./telemetry.ts";
import type { Zones } from "./zones.ts";

export interface Parts {
  readonly model: Model;
  readonly zones: Zones;
  readonly network: Network;
  readonly securityGroups: SecurityGroups;
  readonly endpoints: Endpoints;
  readonly stores: Readonly<Record<string, StoreAnswers>>;
  readonly queues: Queues;
  readonly buckets: Buckets;
  readonly secrets: Readonly<Record<string, StoredSecret>>;
  readonly logGroups: LogGroups;
  /** Only of a stack that builds its images itself. */
  readonly images: BuiltImages;
}

export type Answers = Readonly<Record<string, pulumi.Output<string>>>;

/** By `kind.name.attribute`, as `placeholder` writes them. */
export function answers(parts: Parts): Answers {
  const { network, securityGroups, endpoints, queues, buckets, secrets } = parts;
  return {
    "prefixList.s3.id": endpoints.s3PrefixListId,
    "securityGroup.edge.id": securityGroups.edge.id,
    "securityGroup.endpoints.id": securityGroups.endpoints.id,
    ...each(securityGroups.stores, (name, group) => ({ [`securityGroup.store-${name}.id`]: group.id })),
    ...subnets("public", network.publicSubnets, parts.zones),
    ...subnets("private", network.privateSubnets, parts.zones),
    ...each(parts.stores, (name, { attributes }) =>
      each(attributes, (attribute, value) => ({ [`store.${name}.${attribute}`]: value })),
    ),
    ...insideKafka(parts),
    ...each(queues, (name, { queue }) => ({
      [`queue.${name}.arn`]: queue.arn,
      [`queue.${name}.name`]: queue.name,
      [`queue.${name}.url`]: queue.url,
    })),
    ...each(buckets, (name, bucket) => ({
      [`bucket.${name}.arn`]: bucket.arn,
      [`bucket.${name}.name`]: bucket.bucket,
    })),
    ...each(secrets, (name, secret) => ({ [`secret.${name}.arn`]: secret.arn })),
    ...each(parts.logGroups, (name, group) => ({ [`logGroup.${name}.arn`]: group.arn })),
    ...each(parts.images, (name, reference) => ({ [`image.${name}.reference`]: reference })),
  };
}

/** Topics, and the consumer groups that bindings name; a group each replica is a prefix, the workload's own name. */
function insideKafka({ model, stores }: Parts): Answers {
  const found: Record<string, pulumi.Output<string>> = {};
  const clusterOf = (topic: string) => stores[storeOfTopic(topic, model)]?.attributes["arn"];
  for (const { topics = {} } of Object.values(stores)) {
    for (const [name, topic] of Object.entries(topics)) found[`topic.${name}.arn`] = topic.arn;
  }
  for (const { name: workload, uses } of model.workloads) {
    for (const use of uses) {
      if (use.access !== "consume") continue;
      const group = use.group === "perReplica" ? workload : use.group;
      const cluster = clusterOf(use.to.name);
      if (cluster) found[`group.${group}.arn`] ??= groupArn(cluster, group);
    }
  }
  return found;
}

function subnets(tier: string, list: Network["publicSubnets"], zones: Zones): Answers {
  return Object.fromEntries(
    list.flatMap((subnet, zone) => [
      [`network.${tier}-${zone}.subnetId`, subnet.id],
      [`network.${tier}-${zone}.zone`, pulumi.output(zones[zone] ?? "")],
    ]),
  );
}

function each<T>(record: Readonly<Record<string, T>>, toAnswers: (name: string, value: T) => Answers): Answers {
  return Object.fromEntries(Object.entries(record).flatMap(([name, value]) => Object.entries(toAnswers(name, value))));
}
