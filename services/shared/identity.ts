import { randomBytes } from "node:crypto";
import { hostname } from "node:os";

/** Name of this process among all replicas, on whatever host: `<host>-<pid>-<random>`, fit for a Kafka group id. */
export function replicaName(): string {
  const host = hostname()
    .replaceAll(/[^\w.-]/g, "-")
    .slice(0, 63);
  return `${host}-${process.pid}-${randomBytes(4).toString("hex")}`;
}
