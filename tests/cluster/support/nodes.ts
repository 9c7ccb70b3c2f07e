/** Nodes that exist as objects alone: registered as a kubelet does it, and kept alive by their leases. */
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiServer } from "./api.ts";

export interface SimulatedNode {
  readonly name: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  /** By resource name, as Kubernetes writes quantities. */
  readonly allocatable: Readonly<Record<string, string>>;
}

export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoSchedule";
}

/** @source Kubernetes docs, "Heartbeats": a kubelet renews its lease every 10 s, which counts for 40 s */
const HEARTBEAT_MILLISECONDS = 10_000;
const LEASE_SECONDS = 40;
const LEASES = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";

export class SimulatedNodes {
  readonly #api: ApiServer;
  readonly #joined: string[] = [];
  readonly #stopped = new AbortController();
  #heart: Promise<void> | undefined;
  #failure: unknown;

  constructor(api: ApiServer) {
    this.#api = api;
  }

  get count(): number {
    return this.#joined.length;
  }

  /** They take pods as soon as the node controller has seen that they are ready. */
  async join(nodes: readonly SimulatedNode[]): Promise<void> {
    for (const node of nodes) {
      await this.#api.must("POST", "/api/v1/nodes", registration(node));
      await this.#api.must("POST", LEASES, lease(node.name));
      this.#joined.push(node.name);
    }
    this.#heart ??= this.#beat().catch((error: unknown) => {
      if (!this.#stopped.signal.aborted) this.#failure = error;
    });
  }

  /** Takes no more pods; those that are there stay. */
  async cordon(name: string, unschedulable = true): Promise<void> {
    const patch = { spec: { unschedulable } };
    await this.#api.must("PATCH", `/api/v1/nodes/${name}`, patch, "application/merge-patch+json");
  }

  async #beat(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await sleep(HEARTBEAT_MILLISECONDS, undefined, { signal });
      for (const name of this.#joined) {
        const patch = { spec: { renewTime: microTime() } };
        await this.#api.must("PATCH", `${LEASES}/${name}`, patch, "application/merge-patch+json");
      }
    }
  }

  /** @throws what a heartbeat has failed with */
  check(): void {
    if (this.#failure !== undefined) throw this.#failure as Error;
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.#heart;
  }
}

/** A kubelet is the one client whose object may have a status when it is made. */
function registration({ name, zone, labels, taints, allocatable }: SimulatedNode) {
  const now = new Date().toISOString();
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/os": "linux",
        ...labels,
        "kubernetes.io/hostname": name,
        "topology.kubernetes.io/region": zone.slice(0, -1),
        "topology.kubernetes.io/zone": zone,
      },
    },
    spec: { taints },
    status: {
      allocatable,
      capacity: allocatable,
      conditions: [
        { type: "Ready", status: "True", reason: "KubeletReady", lastHeartbeatTime: now, lastTransitionTime: now },
      ],
    },
  };
}

function lease(name: string) {
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name, namespace: "kube-node-lease" },
    spec: { holderIdentity: name, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime() },
  };
}

/** Leases count microseconds. */
function microTime(): string {
  return new Date().toISOString().replace("Z", "000Z");
}
