/** What the shared parts of a stack are bought as. Workloads' sizes stand in the catalogue, never here. */
import type { GiB } from "../model/types.ts";
import type { Settings } from "../settings.ts";

export interface Sizes {
  /** One NAT gateway for the stack, or one a zone: a zone that fails then takes no other with it. */
  readonly natGateways: "one" | "onePerZone";
  readonly database: {
    readonly instanceClass: string;
    readonly storage: GiB;
    readonly maxStorage: GiB;
    readonly replicas: number;
    readonly backupDays: number;
  };
  readonly cache: { readonly nodeType: string; readonly nodes: number; readonly snapshotDays: number };
  readonly kafka: { readonly instanceType: string; readonly storage: GiB };
  /** Where API Gateway begins to answer 429: in a steady stream, and at once. */
  readonly api: { readonly requestsPerSecond: number; readonly burst: number };
  /** Instance types of stores that are hosted by ourselves. @source EC2 instance types, storage and memory optimised, 2026-11 */
  readonly selfHosted: { readonly iops: string; readonly memory: string };
  /** Web application firewall in front of the load balancers and the sites. */
  readonly firewall: boolean;
}

const SMALL: Sizes = {
  natGateways: "one",
  database: { instanceClass: "db.t4g.medium", storage: 50, maxStorage: 200, replicas: 1, backupDays: 7 },
  cache: { nodeType: "cache.t4g.small", nodes: 2, snapshotDays: 7 },
  kafka: { instanceType: "kafka.t3.small", storage: 100 },
  selfHosted: { iops: "i4i.large", memory: "r7i.large" },
  api: { requestsPerSecond: 200, burst: 400 },
  firewall: false,
};

const LARGE: Sizes = {
  natGateways: "onePerZone",
  database: { instanceClass: "db.r7g.large", storage: 200, maxStorage: 1000, replicas: 2, backupDays: 35 },
  cache: { nodeType: "cache.r7g.large", nodes: 3, snapshotDays: 35 },
  kafka: { instanceType: "kafka.m7g.large", storage: 500 },
  selfHosted: { iops: "i4i.2xlarge", memory: "r7i.2xlarge" },
  api: { requestsPerSecond: 2000, burst: 4000 },
  firewall: true,
};

export function sizesOf(settings: Settings): Sizes {
  return isProduction(settings) ? LARGE : SMALL;
}

/** Users depend on it. */
export function isProduction({ profile }: Settings): boolean {
  return profile === "prod";
}
