/** What a stack on a plain cluster is configured with; each holds the mark by which a leak is found. */
import { SECRET_MARKER } from "./types.ts";

export const CLUSTER_SECRETS: Readonly<Record<string, string>> = {
  database: `${SECRET_MARKER}/Database@1`,
  "jwt-signing": `${SECRET_MARKER}Signing`,
  objects: `${SECRET_MARKER}Objects`,
  redis: `${SECRET_MARKER}Redis`,
  smtp: `smtp://${SECRET_MARKER}.example.org`,
  vapid: `${SECRET_MARKER}Vapid`,
};

/** What a stack of the repository is given beside its file to come up on a plain cluster. */
export function clusterConfig(stack: string): Readonly<Record<string, unknown>> {
  const prod = {
    domain: "tracker.example.org",
    tlsSecret: "tracker",
    images: { queues: `docker.io/softwaremill/elasticmq:1.7.1@sha256:${"a".repeat(64)}` },
  };
  return {
    "cryptotracker:secrets": CLUSTER_SECRETS,
    ...(stack === "prod" ? { "cryptotracker:kubernetes": prod } : {}),
  };
}
