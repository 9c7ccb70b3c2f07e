/**
 * ACM certificates for the platform's names, validated by records in the hosted zone. Whoever takes an ARN from here
 * waits until the certificate is issued: a listener refuses one that is not.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Context } from "./context.ts";
import type { PublicNames } from "./names.ts";

/** CloudFront is run from one region, whatever the stack's. @source CloudFront developer guide, "Requirements for using SSL/TLS certificates", 2026-11 */
export const CLOUDFRONT_REGION = "us-east-1";

const VALIDATION_TTL_SECONDS = 300;

export interface Certificates {
  /** In the stack's region, for every name: the load balancers' and API Gateway's. */
  readonly edge: pulumi.Output<string>;
  /** In CloudFront's region, for the sites. */
  readonly sites: pulumi.Output<string>;
}

/** The settings' own certificate (`check` has seen that it is this region's), or one that is made here. */
export function createCertificates(context: Context, names: PublicNames): Certificates {
  const { certificateArn } = context.settings.edge;
  const { region } = context.settings;
  const sites = Object.values(names.sites);
  const edge =
    certificateArn === undefined
      ? issue(context, "edge", [...sites, names.api, names.streams], region, names.zoneId)
      : pulumi.output(certificateArn);
  return {
    edge,
    sites: region === CLOUDFRONT_REGION ? edge : issue(context, "sites", sites, CLOUDFRONT_REGION, names.zoneId),
  };
}

function issue(
  { tags }: Context,
  name: string,
  hosts: readonly string[],
  region: string,
  zoneId: string,
): pulumi.Output<string> {
  const [domainName = "", ...subjectAlternativeNames] = hosts;
  const certificate = new aws.acm.Certificate(name, {
    domainName,
    subjectAlternativeNames,
    validationMethod: "DNS",
    region,
    tags: tags(name),
  });
  const records = hosts.map((host) => {
    // Found by name: the order in which ACM lists them is nobody's promise.
    const option = certificate.domainValidationOptions.apply((all) => all.find((each) => each.domainName === host));
    return new aws.route53.Record(`certificate-${name}-${host}`, {
      zoneId,
      name: option.apply((found) => found?.resourceRecordName ?? ""),
      type: option.apply((found) => found?.resourceRecordType ?? "CNAME"),
      records: [option.apply((found) => found?.resourceRecordValue ?? "")],
      ttl: VALIDATION_TTL_SECONDS,
      // The same for every certificate of a name in an account, another region's included.
      allowOverwrite: true,
    });
  });
  return new aws.acm.CertificateValidation(name, {
    certificateArn: certificate.arn,
    validationRecordFqdns: records.map(({ fqdn }) => fqdn),
    region,
  }).certificateArn;
}
