/** What a browser may do with a site's pages. */
import * as aws from "@pulumi/aws";
import type { Context } from "./context.ts";
import type { PublicNames } from "./names.ts";

const YEAR_SECONDS = 31_536_000;

export function securityHeaders(
  { name }: Context,
  site: string,
  names: PublicNames | undefined,
): aws.cloudfront.ResponseHeadersPolicy {
  return new aws.cloudfront.ResponseHeadersPolicy(site, {
    name: name(site),
    comment: `Security headers of ${site}`,
    securityHeadersConfig: {
      strictTransportSecurity: { accessControlMaxAgeSec: YEAR_SECONDS, includeSubdomains: true, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption: "DENY", override: true },
      referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
      contentSecurityPolicy: { contentSecurityPolicy: contentPolicy(names), override: true },
    },
  });
}

/** Scripts of its own only. Charts set styles on their elements. */
function contentPolicy(names: PublicNames | undefined): string {
  const peers = names ? ` https://${names.api} wss://${names.streams}` : "";
  return [
    "default-src 'self'",
    `connect-src 'self'${peers}`,
    "img-src 'self' data:",
    "style-src 'self' 'unsafe-inline'",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join("; ");
}
