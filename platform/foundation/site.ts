/** Each site of the catalogue: its bucket behind CloudFront, which alone may read it (origin access control). */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "./policy.ts";
import type { Context } from "./context.ts";

/** CloudFront's own policies, by their fixed ids. @source CloudFront developer guide, "Managed policies", 2026-11 */
const MANAGED = {
  cachingOptimized: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  securityHeaders: "67f7725c-6f97-4210-82d7-5512b31e9d03",
} as const;

export interface SiteOrigin {
  readonly distribution: aws.cloudfront.Distribution;
  /** What the bucket's policy must say for it. */
  readonly reads: Statement;
}

/** A distribution for each bucket that a site has, by the site's name, which is the bucket's too. */
export function createSites(
  { model, tags }: Context,
  buckets: Readonly<Record<string, aws.s3.Bucket>>,
): Readonly<Record<string, SiteOrigin>> {
  return Object.fromEntries(
    model.sites.flatMap(({ name }) => {
      const bucket = buckets[name];
      return bucket ? [[name, createSite(name, bucket, tags(name))]] : [];
    }),
  );
}

function createSite(name: string, bucket: aws.s3.Bucket, tags: Record<string, string>): SiteOrigin {
  const access = new aws.cloudfront.OriginAccessControl(name, {
    description: `Reads the bucket of ${name}`,
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  const notFound = (errorCode: number) => ({ errorCode, responseCode: 200, responsePagePath: "/index.html" });
  const distribution = new aws.cloudfront.Distribution(name, {
    enabled: true,
    comment: `Site ${name}`,
    defaultRootObject: "index.html",
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    origins: [{ originId: name, domainName: bucket.bucketRegionalDomainName, originAccessControlId: access.id }],
    defaultCacheBehavior: {
      targetOriginId: name,
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: MANAGED.cachingOptimized,
      responseHeadersPolicyId: MANAGED.securityHeaders,
    },
    // One page serves every path; S3 says 403 for what it does not have.
    customErrorResponses: [403, 404].map(notFound),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate: { cloudfrontDefaultCertificate: true },
    tags,
  });
  return {
    distribution,
    reads: {
      sid: "Distribution",
      principal: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
      condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    },
  };
}
