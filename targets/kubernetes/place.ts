/**
 * Where the peers of the model are, as a NetworkPolicy can name them. Inside a VPC the load balancer, the stores and AWS'
 * APIs are blocks of addresses; a cluster by itself has its stores as pods, an ingress controller, and no AWS.
 */
import type { Opening } from "../../platform/model/reach.ts";
import type { Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { NetworkPolicy } from "./forms.ts";
import { selector } from "./names.ts";
import { usesQueues } from "./stores/clients.ts";
import { dataNamespace, OBJECTS, OBJECTS_PORT, QUEUES, QUEUES_PORT } from "./stores/names.ts";
import { collectorEndpoint } from "./telemetry.ts";

export type PolicyPeer = NonNullable<NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number]["to"]>[number];

/** Peers and the port towards them. */
export interface Way {
  readonly peers: PolicyPeer[];
  readonly port: number;
}

export interface Place {
  /** Undefined: nobody of that kind is there. */
  readonly wayOf: (opening: Opening) => Way | undefined;
  /** Ways out that only this place has. */
  readonly more: (workload: Workload) => readonly Way[];
}

/** Not the internet: private, carrier and link-local ranges. @source RFC 1918, RFC 6598, RFC 3927 */
const NOT_INTERNET = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];
const INTERNET: PolicyPeer[] = [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_INTERNET } }];

/** The cluster's DNS, which every pod asks. */
export const DNS = {
  to: [inNamespace("kube-system")],
  ports: [
    { protocol: "UDP", port: 53 },
    { protocol: "TCP", port: 53 },
  ],
};

/** A cluster in the VPC of the AWS foundation. */
export function vpc({ network }: Settings): Place {
  return {
    wayOf: ({ peer, port }) => {
      switch (peer.kind) {
        case "edge":
          return { peers: blocks(network.public), port };
        case "workload":
          return { peers: [podsOf(peer.name)], port };
        case "store":
          return { peers: blocks(network.isolated), port };
        case "aws":
          return { peers: blocks(network.private), port };
        case "s3":
        case "internet":
          return { peers: INTERNET, port };
      }
    },
    more: () => [],
  };
}

/** A cluster that brings everything itself. */
export function cluster(settings: Settings): Place {
  const data = inNamespace(dataNamespace(settings));
  return {
    wayOf: ({ peer, port }) => {
      switch (peer.kind) {
        case "edge":
          return { peers: ingressPeers(settings), port };
        case "workload":
          return { peers: [podsOf(peer.name)], port };
        case "store":
          return { peers: [{ ...data, ...podsOf(peer.name) }], port };
        case "aws":
          return undefined;
        case "s3":
          return { peers: [{ ...data, ...podsOf(OBJECTS) }], port: OBJECTS_PORT };
        case "internet":
          return { peers: INTERNET, port };
      }
    },
    more: (workload) => [
      ...(usesQueues(workload) ? [{ peers: [{ ...data, ...podsOf(QUEUES) }], port: QUEUES_PORT }] : []),
      ...collectorEndpoint(workload, settings).map(({ namespace, port }) => ({
        peers: namespace === undefined ? INTERNET : [inNamespace(namespace)],
        port,
      })),
    ],
  };
}

/** Where requests of the ingress controller come from. A public path is public: any pod may ask it. */
export function ingressPeers({ kubernetes: { ingressFrom } }: Settings): PolicyPeer[] {
  if (ingressFrom === undefined) return [{ namespaceSelector: {} }];
  return typeof ingressFrom === "string" ? [inNamespace(ingressFrom)] : blocks(ingressFrom);
}

function podsOf(name: string): PolicyPeer {
  return { podSelector: { matchLabels: selector(name) } };
}

function inNamespace(namespace: string) {
  return { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": namespace } } };
}

function blocks(cidrs: readonly string[]): PolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}
