import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./sites.ts";

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/1";
const behaviour = (viewerProtocolPolicy: string) => ({
  targetOriginId: "web",
  viewerProtocolPolicy,
  allowedMethods: ["GET", "HEAD"],
  cachedMethods: ["GET", "HEAD"],
});
const bucket = { originId: "web", domainName: "web.s3.us-east-1.amazonaws.com", originAccessControlId: "E1" };
const api = (originProtocolPolicy: string, originSslProtocols = ["TLSv1.2"]) => ({
  originId: "api",
  domainName: "api.example.org",
  customOriginConfig: { httpPort: 80, httpsPort: 443, originProtocolPolicy, originSslProtocols },
});

const SITE = {
  enabled: true,
  restrictions: { geoRestriction: { restrictionType: "none" } },
  defaultCacheBehavior: behaviour("redirect-to-https"),
  viewerCertificate: {
    acmCertificateArn: CERTIFICATE,
    sslSupportMethod: "sni-only",
    minimumProtocolVersion: "TLSv1.2_2021",
  },
  origins: [bucket, api("https-only")],
};

const withSource = (logType: string): readonly Made[] => [
  { type: "aws:cloudfront/distribution:Distribution", name: "web", props: SITE },
  {
    type: "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    name: "source",
    props: { logType, name: "web" },
    from: { resourceArn: ["web"] },
  },
];

const delivered = (logType: string): readonly Made[] => [
  ...withSource(logType),
  {
    type: "aws:cloudwatch/logDelivery:LogDelivery",
    name: "delivery",
    props: { deliverySourceName: "web" },
    from: { deliverySourceName: ["source"] },
  },
];

export const fixtures: FixturesOf<typeof rules> = {
  siteRoot: {
    compliant: { ...SITE, defaultRootObject: "index.html" },
    violating: [{ given: { ...SITE, defaultRootObject: "" }, found: "defaultRootObject: found" }],
    decides: "defaultRootObject",
    absent: "broken",
  },
  siteHttps: {
    compliant: SITE,
    violating: [
      { given: { ...SITE, defaultCacheBehavior: behaviour("allow-all") }, found: "default.viewerProtocolPolicy" },
      {
        given: { ...SITE, orderedCacheBehaviors: [{ ...behaviour("allow-all"), pathPattern: "/api/*" }] },
        found: "/api/*.viewerProtocolPolicy: found allow-all",
      },
    ],
    decides: "defaultCacheBehavior.viewerProtocolPolicy",
    absent: "kept",
  },
  siteFirewall: {
    compliant: { ...SITE, webAclId: "arn:aws:wafv2:us-east-1:123456789012:global/webacl/sites/1" },
    violating: [{ given: { ...SITE, webAclId: "" }, found: "webAclId: found" }],
    decides: "webAclId",
    absent: "broken",
  },
  siteCertificate: {
    compliant: SITE,
    violating: [
      {
        given: { ...SITE, viewerCertificate: { cloudfrontDefaultCertificate: true } },
        found: "found CloudFront's default",
      },
      {
        given: { ...SITE, viewerCertificate: { ...SITE.viewerCertificate, sslSupportMethod: "vip" } },
        found: "sslSupportMethod: found vip",
      },
    ],
    decides: "viewerCertificate",
    absent: "broken",
  },
  siteTls: {
    compliant: SITE,
    violating: [
      {
        given: { ...SITE, viewerCertificate: { ...SITE.viewerCertificate, minimumProtocolVersion: "TLSv1.1_2016" } },
        found: "found TLSv1.1_2016",
      },
    ],
    decides: "viewerCertificate.minimumProtocolVersion",
    absent: "broken",
  },
  siteOriginTls: {
    compliant: SITE,
    violating: [
      { given: { ...SITE, origins: [api("http-only")] }, found: "origins.api.originProtocolPolicy: found http-only" },
      { given: { ...SITE, origins: [api("https-only", ["TLSv1", "TLSv1.2"])] }, found: "found TLSv1;" },
    ],
    decides: "origins",
    absent: "kept",
  },
  siteOriginAccess: {
    compliant: SITE,
    violating: [
      {
        given: { ...SITE, origins: [{ originId: "web", domainName: bucket.domainName }] },
        found: "origins.web.originAccessControlId: found nothing",
      },
    ],
    decides: "origins",
    absent: "kept",
  },
  siteLog: {
    compliant: delivered("ACCESS_LOGS"),
    violating: [
      { given: delivered("CONNECTION_LOGS"), found: "web: found no access log" },
      { given: withSource("ACCESS_LOGS"), found: "web: found no access log" },
    ],
    decides: "web.loggingConfig",
    absent: "kept",
  },
};
