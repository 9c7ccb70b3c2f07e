/**
 * A self-hosted store's name and certificate. The name resolves inside the VPC only; the certificate is a public one of
 * ACM that the instance may export, so clients verify it as they do a managed store's.
 * @source ACM user guide, "Exportable public certificates", 2026-11
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { StorePlace } from "./store.ts";

const TTL_SECONDS = 30;

export interface StoreName {
  /** `redis.stores.<domain>`: what the certificate and the URL say. */
  readonly host: string;
  readonly certificateArn: pulumi.Output<string>;
  /** Lets the name mean this address. */
  readonly pointAt: (address: pulumi.Output<string>) => aws.route53.Record;
}

/** @throws pulumi.RunError where the stack has no domain, which `check` has refused before */
export function createStoreName({ context, network, store }: StorePlace): StoreName {
  const { domain, hostedZoneId } = context.settings.edge;
  if (domain === undefined || hostedZoneId === undefined) {
    throw new pulumi.RunError("stores-without-domain  settings.edge.domain: found nothing; allowed: a domain");
  }
  const logicalName = `store-${store.name}`;
  const host = `${store.name}.stores.${domain}`;
  const tags = context.tags(logicalName);
  const certificate = new aws.acm.Certificate(logicalName, {
    domainName: host,
    validationMethod: "DNS",
    options: { export: "ENABLED" },
    tags,
  });
  const proof = certificate.domainValidationOptions.apply((options) => {
    const [first] = options;
    if (!first) throw new Error(`ACM asks for no proof of ${host}.`);
    return first;
  });
  const record = new aws.route53.Record(`${logicalName}-validation`, {
    zoneId: hostedZoneId,
    name: proof.resourceRecordName,
    type: proof.resourceRecordType,
    records: [proof.resourceRecordValue],
    ttl: TTL_SECONDS,
  });
  const valid = new aws.acm.CertificateValidation(logicalName, {
    certificateArn: certificate.arn,
    validationRecordFqdns: [record.fqdn],
  });
  const zone = new aws.route53.Zone(logicalName, {
    name: host,
    comment: `${store.name}, inside the VPC`,
    vpcs: [{ vpcId: network.vpcId }],
    tags,
  });
  return {
    host,
    certificateArn: valid.certificateArn,
    pointAt: (address) =>
      new aws.route53.Record(logicalName, {
        zoneId: zone.zoneId,
        name: host,
        type: "A",
        records: [address],
        ttl: TTL_SECONDS,
      }),
  };
}
