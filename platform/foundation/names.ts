/** The names under which the public finds the platform: one domain, and what stands under it. Pure. */
import type { Model } from "../model/types.ts";
import type { Settings } from "../settings.ts";

export interface PublicNames {
  /** Hosted zone that all of them are in. */
  readonly zoneId: string;
  /** By the site's name: the first has the domain itself, another has a name under it. */
  readonly sites: Readonly<Record<string, string>>;
  /** API Gateway. */
  readonly api: string;
  /** The load balancer for WebSockets, which an HTTP API cannot carry. */
  readonly streams: string;
}

/** Undefined where the stack has no domain: AWS's own names have to do then. */
export function publicNames({ sites }: Model, { edge }: Settings): PublicNames | undefined {
  const { domain, hostedZoneId } = edge;
  if (domain === undefined || hostedZoneId === undefined) return undefined;
  return {
    zoneId: hostedZoneId,
    sites: Object.fromEntries(sites.map(({ name }, index) => [name, index === 0 ? domain : `${name}.${domain}`])),
    api: `api.${domain}`,
    streams: `ws.${domain}`,
  };
}
