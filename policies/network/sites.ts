/** CloudFront: how sites are reached, and how it reaches what they are made of. */
import type * as aws from "@pulumi/aws";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import type { Given } from "../framework/given.ts";
import { distributions, logDeliveries, logSources } from "./subjects.ts";

export const siteRoot = resourceRule({
  name: "cloudfront-root",
  description: "A distribution's root is a page, not a list of what the bucket holds.",
  controls: ["CloudFront.1"],
  severity: "high",
  remedy: "Set defaultRootObject.",
  on: distributions,
  *check({ defaultRootObject: found }) {
    if (found === undefined || found === "") yield { at: "defaultRootObject", found, allowed: "a file's name" };
  },
});

export const siteHttps = resourceRule({
  name: "cloudfront-https",
  description: "Every path of a distribution is reached by HTTPS.",
  controls: ["CloudFront.3"],
  severity: "medium",
  remedy: "Set viewerProtocolPolicy to redirect-to-https or https-only.",
  on: distributions,
  *check({ defaultCacheBehavior, orderedCacheBehaviors = [] }) {
    const all = [{ pathPattern: "default", ...defaultCacheBehavior }, ...orderedCacheBehaviors];
    for (const { pathPattern, viewerProtocolPolicy: found } of all) {
      if (found === "allow-all") {
        yield { at: `${pathPattern}.viewerProtocolPolicy`, found, allowed: "redirect-to-https or https-only" };
      }
    }
  },
});

export const siteFirewall = resourceRule({
  name: "cloudfront-firewall",
  description: "A web ACL stands before each distribution.",
  controls: ["CloudFront.6"],
  severity: "medium",
  remedy: "Set webAclId to a web ACL of scope CLOUDFRONT.",
  on: distributions,
  *check({ webAclId: found }) {
    if (!found) yield { at: "webAclId", found, allowed: "a web ACL" };
  },
});

export const siteCertificate = resourceRule({
  name: "cloudfront-certificate",
  description: "A distribution shows a certificate of its own, by SNI.",
  controls: ["CloudFront.7", "CloudFront.8"],
  severity: "medium",
  remedy: "Set viewerCertificate with acmCertificateArn and sslSupportMethod sni-only.",
  on: distributions,
  *check({ viewerCertificate }) {
    const { acmCertificateArn, iamCertificateId, sslSupportMethod } = viewerCertificate ?? {};
    if (acmCertificateArn === undefined && iamCertificateId === undefined) {
      yield { at: "viewerCertificate", found: "CloudFront's default", allowed: "a certificate of its own" };
    } else if (sslSupportMethod !== "sni-only") {
      yield { at: "viewerCertificate.sslSupportMethod", found: sslSupportMethod, allowed: "sni-only" };
    }
  },
});

/** TLS 1.2 at least. @source CloudFront developer guide, "Supported protocols and ciphers", 2026-11 */
const VIEWER_TLS = /^TLSv1\.[23]_/;

export const siteTls = resourceRule({
  name: "cloudfront-tls",
  description: "A distribution with a certificate of its own speaks TLS 1.2 or newer.",
  controls: ["CloudFront.15"],
  severity: "medium",
  remedy: "Set viewerCertificate.minimumProtocolVersion to TLSv1.2_2021.",
  on: distributions,
  *check({ viewerCertificate }) {
    if (viewerCertificate?.cloudfrontDefaultCertificate) return;
    const found = viewerCertificate?.minimumProtocolVersion;
    if (found === undefined || !VIEWER_TLS.test(found)) {
      yield { at: "viewerCertificate.minimumProtocolVersion", found, allowed: "TLSv1.2_2021 or newer" };
    }
  },
});

const OLD_TLS: readonly string[] = ["SSLv3", "TLSv1", "TLSv1.1"];

export const siteOriginTls = resourceRule({
  name: "cloudfront-origin-tls",
  description: "CloudFront reaches its origins by HTTPS, with TLS 1.2.",
  controls: ["CloudFront.9", "CloudFront.10"],
  severity: "medium",
  remedy: "Set the origin's originProtocolPolicy to https-only and originSslProtocols to TLSv1.2.",
  on: distributions,
  *check({ origins = [] }) {
    for (const { originId = "?", customOriginConfig: config } of origins) {
      if (!config) continue;
      const at = `origins.${originId}`;
      if (config.originProtocolPolicy === "http-only") {
        yield { at: `${at}.originProtocolPolicy`, found: config.originProtocolPolicy, allowed: "https-only" };
      }
      const old = (config.originSslProtocols ?? []).filter((protocol) => OLD_TLS.includes(protocol));
      if (old.length > 0) yield { at: `${at}.originSslProtocols`, found: old.join(", "), allowed: "TLSv1.2" };
    }
  },
});

type Origin = Given<aws.types.output.cloudfront.DistributionOrigin>;

export const siteOriginAccess = resourceRule({
  name: "cloudfront-origin-access",
  description: "A bucket behind a distribution knows by signature that it is CloudFront who reads.",
  controls: ["CloudFront.13"],
  severity: "medium",
  remedy: "Set the origin's originAccessControlId.",
  on: distributions,
  *check({ origins = [] }) {
    for (const origin of origins.filter(isBucket)) {
      const found = origin.originAccessControlId;
      if (!found) yield { at: `origins.${origin.originId}.originAccessControlId`, found, allowed: "an access control" };
    }
  },
});

function isBucket({ customOriginConfig, vpcOriginConfig }: Origin): boolean {
  return customOriginConfig === undefined && vpcOriginConfig === undefined;
}

export const siteLog = stackRule({
  name: "cloudfront-access-log",
  description: "A distribution's requests are logged, by CloudWatch's delivery or by its older way.",
  controls: ["CloudFront.5"],
  severity: "medium",
  remedy: "Add a LogDeliverySource of type ACCESS_LOGS for the distribution, and a LogDelivery for the source.",
  over: [distributions],
  *check(graph, _parameters, tell) {
    // A source by itself sends nothing: a delivery takes it to a destination.
    const delivered = graph
      .all(logDeliveries)
      .flatMap(({ resource }) => comesFrom(resource, "deliverySourceName", logSources));
    const logged = graph
      .all(logSources)
      .filter(({ resource }) => delivered.includes(resource))
      .filter(({ view }) => known(() => view().logType === "ACCESS_LOGS", tell))
      .flatMap(({ resource }) => comesFrom(resource, "resourceArn", distributions));
    for (const { resource, view } of graph.all(distributions)) {
      const own = known(() => view().loggingConfig?.bucket ?? "none", tell);
      if (own === "none" && !logged.includes(resource)) {
        yield { at: resource.name, found: "no access log", allowed: "an access log", on: resource };
      }
    }
  },
});
