/** Who may talk to whom → a NetworkPolicy for each workload, beside the namespace's default deny. */
import { reachOf, type Opening, type Peer } from "../../platform/model/reach.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest, NetworkPolicy } from "./forms.ts";
import { metadata, selector } from "./names.ts";

type PolicyPeer = NonNullable<NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number]["to"]>[number];

/** Not the internet: private, carrier and link-local ranges. @source RFC 1918, RFC 6598, RFC 3927 */
const NOT_INTERNET = ["10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"];

export function networkPolicy(workload: Workload, model: Model, settings: Settings): Manifest {
  const { accepts, reaches } = reachOf(workload, model);
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: metadata(workload, model, settings),
    spec: {
      podSelector: { matchLabels: selector(workload.name) },
      policyTypes: ["Ingress", "Egress"],
      ingress: accepts.map((opening) => ({ from: peers(opening.peer, settings), ports: ports(opening) })),
      egress: [
        ...reaches.map((opening) => ({ to: peers(opening.peer, settings), ports: ports(opening) })),
        {
          to: [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } } }],
          ports: [
            { protocol: "UDP", port: 53 },
            { protocol: "TCP", port: 53 },
          ],
        },
      ],
    },
  };
}

function ports({ port }: Opening) {
  return [{ protocol: "TCP", port }];
}

function peers(peer: Peer, { network }: Settings): PolicyPeer[] {
  switch (peer.kind) {
    case "edge":
      return blocks(network.public);
    case "workload":
      return [{ podSelector: { matchLabels: selector(peer.name) } }];
    case "store":
      return blocks(network.isolated);
    case "aws":
      return blocks(network.private);
    case "s3":
    case "internet":
      return [{ ipBlock: { cidr: "0.0.0.0/0", except: NOT_INTERNET } }];
  }
}

function blocks(cidrs: readonly string[]): PolicyPeer[] {
  return cidrs.map((cidr) => ({ ipBlock: { cidr } }));
}
