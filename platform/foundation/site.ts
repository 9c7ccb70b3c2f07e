/**
 * Each site of the catalogue: its bucket behind CloudFront, which alone may read it (origin access control). The
 * services' paths are behaviours of the same distribution, so a page calls its own origin: no CORS, and a WebSocket
 * that a secure page may open even where the stack has no certificate of its own.
 */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Site as SiteModel } from "../model/types.ts";
import type { ApiGateway } from "./api-gateway.ts";
import type { Storage } from "./buckets.ts";
import type { Certificates } from "./certificate.ts";
import type { Context } from "./context.ts";
import { createAlias } from "./dns.ts";
import type { Edge } from "./edge.ts";
import type { PublicNames } from "./names.ts";
import { securityHeaders } from "./site-headers.ts";
import { logAccess } from "./site-logs.ts";
import { apiBehaviour, apiOrigins, servicePaths } from "./site-services.ts";

/** CloudFront's own, by its fixed id. @source CloudFront developer guide, "Managed cache policies", 2026-11 */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

/** TLS 1.2 and forward secrecy. @source CloudFront developer guide, "Supported protocols and ciphers", 2026-11 */
const TLS_POLICY = "TLSv1.2_2021";

/** One page serves every path: what names no file is the page. Error responses would rewrite the services' 404 too. */
const PAGES = `function handler(event) {
  var request = event.request;
  if (request.uri.split("/").pop().indexOf(".") === -1) request.uri = "/index.html";
  return request;
}
`;

export interface Site {
  readonly distribution: aws.cloudfront.Distribution;
  readonly url: pulumi.Output<string>;
}

export interface SiteParts {
  readonly storage: Storage;
  readonly edge: Edge;
  readonly api: ApiGateway;
  readonly names: PublicNames | undefined;
  readonly certificates: Certificates | undefined;
  /** In CloudFront's region. */
  readonly firewall: aws.wafv2.WebAcl | undefined;
}

/** A distribution for each bucket that a site has, by the site's name, which is the bucket's too. */
export function createSites(context: Context, parts: SiteParts): Readonly<Record<string, Site>> {
  const { model } = context;
  return Object.fromEntries(
    model.sites.flatMap((site) => {
      const bucket = parts.storage.buckets[site.name];
      return bucket ? [[site.name, createSite(context, site, bucket, parts)]] : [];
    }),
  );
}

function createSite(context: Context, { name }: SiteModel, bucket: aws.s3.Bucket, parts: SiteParts): Site {
  const { names, certificates, storage, firewall } = parts;
  const host = names?.sites[name];
  const tags = context.tags(name);
  const access = new aws.cloudfront.OriginAccessControl(name, {
    name: context.name(name),
    description: `Reads the bucket of ${name}`,
    originAccessControlOriginType: "s3",
    signingBehavior: "always",
    signingProtocol: "sigv4",
  });
  const pages = new aws.cloudfront.Function(name, {
    name: context.name(`${name}-pages`),
    comment: "A path that names no file is the page",
    runtime: "cloudfront-js-2.0",
    code: PAGES,
    publish: true,
  });
  const distribution = new aws.cloudfront.Distribution(name, {
    enabled: true,
    comment: `Site ${name}`,
    ...(host === undefined ? {} : { aliases: [host] }),
    defaultRootObject: "index.html",
    httpVersion: "http2and3",
    isIpv6Enabled: true,
    origins: [
      { originId: name, domainName: bucket.bucketRegionalDomainName, originAccessControlId: access.id },
      ...apiOrigins(parts),
    ],
    defaultCacheBehavior: {
      targetOriginId: name,
      viewerProtocolPolicy: "redirect-to-https",
      allowedMethods: ["GET", "HEAD", "OPTIONS"],
      cachedMethods: ["GET", "HEAD"],
      compress: true,
      cachePolicyId: CACHING_OPTIMIZED,
      responseHeadersPolicyId: securityHeaders(context, name, names).id,
      functionAssociations: [{ eventType: "viewer-request", functionArn: pages.arn }],
    },
    orderedCacheBehaviors: servicePaths(context.model).map(apiBehaviour),
    restrictions: { geoRestriction: { restrictionType: "none" } },
    viewerCertificate:
      certificates && host !== undefined
        ? { acmCertificateArn: certificates.sites, sslSupportMethod: "sni-only", minimumProtocolVersion: TLS_POLICY }
        : { cloudfrontDefaultCertificate: true },
    ...(firewall ? { webAclId: firewall.arn } : {}),
    tags,
  });
  storage.permit(name, [
    {
      sid: "Distribution",
      principal: { Service: "cloudfront.amazonaws.com" },
      actions: ["s3:GetObject"],
      resources: [pulumi.interpolate`${bucket.arn}/*`],
      condition: { StringEquals: { "aws:SourceArn": distribution.arn } },
    },
  ]);
  logAccess(context, name, distribution, storage);
  if (names && host !== undefined) {
    const target = { dnsName: distribution.domainName, zoneId: distribution.hostedZoneId };
    createAlias(`site-${name}`, host, names.zoneId, target, ["A", "AAAA"]);
  }
  return { distribution, url: pulumi.interpolate`https://${host ?? distribution.domainName}` };
}
