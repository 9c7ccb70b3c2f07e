/**
 * Binding → who may talk to whom. The one source of security-group and network-policy rules; neither target adds a
 * peer of its own, so nothing is open that no binding asked for.
 */
import { lookup, storeOfTopic } from "./lookup.ts";
import type { Model, Workload } from "./types.ts";

export type Peer =
  /** The load balancer's subnets. */
  | { readonly kind: "edge" }
  | { readonly kind: "workload"; readonly name: string }
  | { readonly kind: "store"; readonly name: string }
  /** The VPC's interface endpoints: AWS APIs without the internet. */
  | { readonly kind: "aws" }
  /** S3's gateway endpoint keeps public addresses. */
  | { readonly kind: "s3" }
  | { readonly kind: "internet" };

export interface Opening {
  readonly peer: Peer;
  readonly port: number;
}

export interface WorkloadReach {
  readonly accepts: readonly Opening[];
  readonly reaches: readonly Opening[];
}

const HTTPS = 443;

/** What a workload accepts and reaches, TCP, each opening once, sorted. DNS is every target's own business. */
export function reachOf(workload: Workload, model: Model): WorkloadReach {
  const accepts: Opening[] = [];
  if (workload.kind === "service") {
    const port = workload.port.number;
    if (workload.route) accepts.push({ peer: { kind: "edge" }, port });
    const callers = lookup(model).callers.get(workload.name) ?? [];
    for (const name of callers) accepts.push({ peer: { kind: "workload", name }, port });
  }
  // Logs, secrets and credentials come from AWS APIs whatever the bindings are.
  const reaches: Opening[] = [{ peer: { kind: "aws" }, port: HTTPS }];
  for (const { to, ...use } of workload.uses) {
    switch (to.kind) {
      case "postgres":
      case "redis":
        reaches.push({ peer: { kind: "store", name: to.name }, port: storePort(to.name, model) });
        break;
      case "topic": {
        const store = storeOfTopic(to.name, model);
        reaches.push({ peer: { kind: "store", name: store }, port: storePort(store, model) });
        break;
      }
      case "service": {
        const callee = lookup(model).workloads.get(to.name);
        if (callee?.kind === "service") {
          reaches.push({ peer: { kind: "workload", name: callee.name }, port: callee.port.number });
        }
        break;
      }
      case "bucket":
        reaches.push({ peer: { kind: "s3" }, port: HTTPS });
        break;
      case "internet":
        if ("ports" in use) for (const port of use.ports) reaches.push({ peer: { kind: "internet" }, port });
        break;
      case "metrics":
      case "queue":
      case "secret":
      case "traces":
        break;
    }
  }
  return { accepts: distinct(accepts), reaches: distinct(reaches) };
}

function storePort(name: string, model: Model): number {
  return lookup(model).stores.get(name)?.port ?? 0;
}

function distinct(openings: readonly Opening[]): readonly Opening[] {
  const byKey = new Map(openings.map((opening) => [keyOf(opening), opening]));
  return [...byKey.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, opening]) => opening);
}

function keyOf({ peer, port }: Opening): string {
  return `${peer.kind}:${"name" in peer ? peer.name : ""}:${String(port).padStart(5, "0")}`;
}
