/**
 * A distribution's access log in the bucket of logs. By CloudWatch's delivery, for CloudFront's older way of logging
 * needs ACLs, which no bucket here has (S3.12). @source CloudFront developer guide, "Standard logging (v2)", 2026-11
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { SITE_LOGS, type Storage } from "./buckets.ts";
import { CLOUDFRONT_REGION as region } from "./certificate.ts";
import type { Context } from "./context.ts";

export function logAccess(
  context: Context,
  site: string,
  distribution: aws.cloudfront.Distribution,
  { buckets, logDelivery }: Storage,
): void {
  const logs = buckets["logs"];
  if (!logs) return;
  const name = context.name(site);
  const tags = context.tags(site);
  const source = new aws.cloudwatch.LogDeliverySource(site, {
    name,
    logType: "ACCESS_LOGS",
    resourceArn: distribution.arn,
    region,
    tags,
  });
  const destination = new aws.cloudwatch.LogDeliveryDestination(site, {
    name,
    outputFormat: "json",
    deliveryDestinationConfiguration: { destinationResourceArn: pulumi.interpolate`${logs.arn}/${SITE_LOGS}` },
    region,
    tags,
  });
  new aws.cloudwatch.LogDelivery(
    site,
    { deliverySourceName: source.name, deliveryDestinationArn: destination.arn, region, tags },
    { dependsOn: [...logDelivery] },
  );
}
