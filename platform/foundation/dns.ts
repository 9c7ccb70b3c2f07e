/** Route 53: alias records for the platform's public names, and a zone of the VPC's own for what is inside. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { LABEL_DOMAIN } from "../conventions.ts";
import type { Context } from "./context.ts";
import type { Network } from "./network.ts";
import type { StoreAnswers } from "./store.ts";

const TTL_SECONDS = 60;

export interface AliasTarget {
  readonly dnsName: pulumi.Output<string>;
  readonly zoneId: pulumi.Output<string>;
}

/**
 * A public name for something of AWS's own. `types` are the addresses that it has: AAAA only where it speaks IPv6.
 * Resources are called `<name>` and `<name>-aaaa`.
 */
export function createAlias(
  name: string,
  host: string,
  zoneId: string,
  target: AliasTarget,
  types: readonly ("A" | "AAAA")[] = ["A"],
): void {
  for (const type of types) {
    new aws.route53.Record(type === "A" ? name : `${name}-${type.toLowerCase()}`, {
      zoneId,
      name: host,
      type,
      // Whether AWS's own edge is healthy is AWS's to know; there is no second target to turn to.
      aliases: [{ name: target.dnsName, zoneId: target.zoneId, evaluateTargetHealth: false }],
    });
  }
}

/**
 * A zone that only this VPC sees. The managed stores have names in it that outlive a replacement, for people and tools;
 * a service keeps to the URL in its secret, whose host is the one that the store's certificate names.
 */
export function createPrivateZone(
  { model, tags }: Context,
  network: Network,
  stores: Readonly<Record<string, StoreAnswers>>,
): aws.route53.Zone {
  const zone = new aws.route53.Zone("private", {
    name: LABEL_DOMAIN,
    comment: "What is inside the VPC",
    vpcs: [{ vpcId: network.vpcId }],
    tags: tags("private"),
  });
  for (const { name, hosting } of model.stores) {
    const endpoint = stores[name]?.attributes["endpoint"];
    if (hosting !== "managed" || endpoint === undefined) continue;
    new aws.route53.Record(`private-${name}`, {
      zoneId: zone.zoneId,
      name: `${name}.${LABEL_DOMAIN}`,
      type: "CNAME",
      ttl: TTL_SECONDS,
      records: [endpoint],
    });
  }
  return zone;
}
