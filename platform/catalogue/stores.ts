/**
 * The stores. `selfHosted` puts Redis and TimescaleDB on instances of ours, of the kinds that the seed names; Kafka is
 * MSK either way. Names, ports and secrets are the same, so no workload can tell.
 */
import type { Store } from "../model/types.ts";
import type { Settings } from "../settings.ts";

export function stores(settings: Settings): readonly Store[] {
  const { database, redis } = hosting(settings);
  return [
    { name: "database", kind: "postgres", hosting: database, port: 5432 },
    { name: "redis", kind: "redis", hosting: redis, port: 6379 },
    /** MSK's port for IAM clients. @source MSK developer guide, "port information", 2026-11 */
    { name: "kafka", kind: "kafka", hosting: "managed", port: 9098 },
  ];
}

/** `replicas` are those beside the primary. */
function hosting({ stores: by, profile }: Settings): Readonly<Record<"database" | "redis", Store["hosting"]>> {
  if (by === "managed") return { database: "managed", redis: "managed" };
  const large = profile === "prod";
  return {
    // Seed: "TimescaleDB with high IOPS". io2 keeps its IOPS and loses a volume far more rarely than gp3.
    database: {
      on: { pool: "iops" },
      volumes: [{ type: "io2", size: large ? 500 : 100, iops: large ? 16_000 : 3000 }],
      replicas: 0,
    },
    // Seed: "redis-cluster" on memory-optimised instances. The disk holds the append-only file, nothing is read from it.
    redis: { on: { pool: "memory" }, volumes: [{ type: "gp3", size: large ? 100 : 20 }], replicas: large ? 2 : 1 },
  };
}
