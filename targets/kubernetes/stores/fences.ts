/** Who may come to a store → NetworkPolicies of the data namespace, beside its default deny. */
import type { Model } from "../../../platform/model/types.ts";
import type { Settings } from "../../../platform/settings.ts";
import type { Manifest, NetworkPolicy } from "../forms.ts";
import { selector } from "../names.ts";
import { DNS } from "../place.ts";
import { storeMetadata } from "./names.ts";

type Spec = NonNullable<NetworkPolicy["spec"]>;

export interface Fence {
  /** Of the store's pods. */
  readonly name: string;
  readonly port: number;
  /** Workloads of the platform's own namespace. */
  readonly clients: readonly string[];
  /** Pods of the data namespace that come to `port` too, such as a job of the store's. */
  readonly neighbours?: readonly string[];
  /** Ports on which its replicas talk to each other. */
  readonly peerPorts?: readonly number[];
}

export function storeFence(fence: Fence, model: Model, settings: Settings): Manifest {
  const { name, port, clients, neighbours = [], peerPorts = [] } = fence;
  const peers = [{ podSelector: { matchLabels: selector(name) } }];
  const ports = peerPorts.map((each) => ({ protocol: "TCP", port: each }));
  const from = [
    ...clients.map((client) => ({
      ...inNamespace(settings.namespace),
      podSelector: { matchLabels: selector(client) },
    })),
    ...neighbours.map((each) => ({ podSelector: { matchLabels: selector(each) } })),
  ];
  return policy(name, model, settings, {
    // An empty list of peers would let everybody in.
    ingress: [
      ...(from.length > 0 ? [{ from, ports: [{ protocol: "TCP", port }] }] : []),
      ...(ports.length > 0 ? [{ from: peers, ports }] : []),
    ],
    egress: ports.length > 0 ? [{ to: peers, ports }, DNS] : [],
  });
}

/** For what only goes out, to one store. */
export function jobFence(name: string, store: string, port: number, model: Model, settings: Settings): Manifest {
  const to = [{ podSelector: { matchLabels: selector(store) } }];
  return policy(name, model, settings, { ingress: [], egress: [{ to, ports: [{ protocol: "TCP", port }] }, DNS] });
}

function policy(name: string, model: Model, settings: Settings, rules: Pick<Spec, "ingress" | "egress">): Manifest {
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: storeMetadata(name, model, settings),
    spec: { podSelector: { matchLabels: selector(name) }, policyTypes: ["Ingress", "Egress"], ...rules },
  };
}

function inNamespace(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}
