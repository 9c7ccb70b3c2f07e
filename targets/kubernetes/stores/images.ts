/** What the stores run as: an image, by digest where one is known, and the user that it is made for. */
import type { Settings } from "../../../platform/settings.ts";

export type StoreKind = "postgres" | "redis" | "kafka" | "queues" | "objects";

interface StoreImage {
  readonly reference: string;
  /** Numeric user and group that own the image's files. */
  readonly user: number;
  readonly group: number;
}

/**
 * `postgres`: PostgreSQL 17 with TimescaleDB, as RDS' version and the analysis have them. `redis`: Valkey, which goes on
 * from Redis 7.2 under the licence that Redis had. `queues`: ElasticMQ (Apache-2.0), whose digest we do not know.
 * `objects`: Versity S3 Gateway (Apache-2.0) over a plain file system.
 * @source Docker Hub, tags and digests of the images' indexes, 2026-11
 */
const IMAGES: Readonly<Record<StoreKind, StoreImage>> = {
  postgres: {
    reference:
      "docker.io/timescale/timescaledb:2.30.0-pg17@sha256:3113d12b78392c064aa7475caf7a52b447b29ddd4f9bfd23526733fcb03e3459",
    user: 70,
    group: 70,
  },
  redis: {
    reference:
      "docker.io/valkey/valkey:8.1.10-alpine@sha256:081c2f5cb575efc901aa80ff9cdbd1ec6a301682fd35e1ebb4b0990a4a4a8507",
    user: 999,
    group: 1000,
  },
  kafka: {
    reference: "docker.io/apache/kafka:4.3.1@sha256:77e3df9054047a88b520d0cc46e16696d3b22022e1d580aeccd2632df6532837",
    user: 1000,
    group: 1000,
  },
  queues: { reference: "docker.io/softwaremill/elasticmq:1.7.1", user: 1001, group: 0 },
  objects: {
    reference:
      "docker.io/versity/versitygw:v1.8.0@sha256:30292fc2eeacc67a36993b01f7a7a5e3361a19cced0e80c1d71cfa2a4b0a2499",
    user: 10001,
    group: 10001,
  },
};

/** A stack's own reference where it has one for the store: it must be an image of the same program. */
export function storeImage(kind: StoreKind, store: string, { kubernetes }: Settings): StoreImage {
  return { ...IMAGES[kind], ...(kubernetes.images[store] ? { reference: kubernetes.images[store] } : {}) };
}

export function isPinned(reference: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(reference);
}
