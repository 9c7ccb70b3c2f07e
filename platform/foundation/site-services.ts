/** The services' paths on a site's distribution: which origin, and that nothing of theirs is cached. */
import type * as pulumi from "@pulumi/pulumi";
import type { Model } from "../model/types.ts";
import type { ApiGateway } from "./api-gateway.ts";
import type { Edge } from "./edge.ts";
import type { PublicNames } from "./names.ts";

/** CloudFront's own policies, by their fixed ids. @source CloudFront developer guide, "Managed policies", 2026-11 */
const MANAGED = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewerExceptHostHeader: "b689b0a8-53d0-40ab-baf2-38738e2966ac",
} as const;

const ORIGINS = { http: "api", websocket: "streams" } as const;

export interface ServicePath {
  readonly path: string;
  readonly origin: (typeof ORIGINS)[keyof typeof ORIGINS];
}

/** Every routed path of the catalogue. The longer pattern first: CloudFront takes the first that fits. */
export function servicePaths({ workloads }: Model): readonly ServicePath[] {
  return workloads
    .flatMap((workload): ServicePath[] => {
      if (workload.kind !== "service" || !workload.route) return [];
      const origin = ORIGINS[workload.port.protocol === "websocket" ? "websocket" : "http"];
      return workload.route.paths.map((path) => ({ path, origin }));
    })
    .sort((a, b) => b.path.length - a.path.length || (a.path < b.path ? -1 : 1));
}

/** API Gateway, and the load balancer for WebSockets: over TLS wherever that has a certificate. */
export function apiOrigins({
  api,
  edge,
  names,
}: {
  readonly api: ApiGateway;
  readonly edge: Edge;
  readonly names: PublicNames | undefined;
}) {
  const origin = (originId: ServicePath["origin"], domainName: pulumi.Input<string>, tls: boolean) => ({
    originId,
    domainName,
    customOriginConfig: {
      httpPort: 80,
      httpsPort: 443,
      originProtocolPolicy: tls ? "https-only" : "http-only",
      originSslProtocols: ["TLSv1.2"],
    },
  });
  return [
    origin("api", api.host, true),
    origin("streams", names ? names.streams : edge.streams.dnsName, names !== undefined),
  ];
}

export function apiBehaviour({ path, origin }: ServicePath) {
  return {
    pathPattern: path,
    targetOriginId: origin,
    // A redirect would turn a POST into a GET.
    viewerProtocolPolicy: "https-only",
    allowedMethods: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: MANAGED.cachingDisabled,
    originRequestPolicyId: MANAGED.allViewerExceptHostHeader,
  };
}
