/**
 * Which peers a workload's NetworkPolicy lets through, on which ports. Without a policy for it: everything. Peers of a
 * plain cluster that the model has no word for are `queues` (what stands in for SQS) and `cluster` (any of its pods).
 */
import type { Reach } from "../../platform/model/behaviour.ts";
import type { Surroundings } from "../target.ts";
import type { KubernetesUnit, NetworkPolicy } from "./forms.ts";

type Rule = NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number];
type Peer = NonNullable<Rule["to"]>[number];
type Ports = Rule["ports"];

const EVERYTHING: Reach = { everything: [] };

export function readReach(
  { manifests }: KubernetesUnit,
  surroundings: Surroundings,
): { accepts: Reach; reaches: Reach } {
  const policies = manifests.filter((manifest) => manifest.kind === "NetworkPolicy");
  const template = manifests.find((manifest) => manifest.kind === "Deployment")?.spec?.template.metadata?.labels;
  const spec = policies[0]?.spec;
  const selects = Object.entries(spec?.podSelector.matchLabels ?? {}).every(
    ([key, value]) => template === undefined || template[key] === value,
  );
  if (!spec || !selects) return { accepts: EVERYTHING, reaches: EVERYTHING };
  const types = spec.policyTypes ?? ["Ingress"];
  return {
    accepts: types.includes("Ingress")
      ? grouped(
          (spec.ingress ?? []).map(({ from, ports }) => [from, ports]),
          (peer) => source(peer, surroundings),
        )
      : EVERYTHING,
    reaches: types.includes("Egress")
      ? grouped(
          (spec.egress ?? []).map(({ to, ports }) => [to, ports]),
          (peer) => destination(peer, surroundings),
        )
      : EVERYTHING,
  };
}

function grouped(
  rules: readonly (readonly [readonly Peer[] | undefined, Ports])[],
  nameOf: (peer: Peer) => string,
): Reach {
  const found: Record<string, number[]> = {};
  for (const [peers, ports] of rules) {
    for (const name of new Set((peers ?? [{}]).map(nameOf))) {
      const known = (found[name] ??= []);
      for (const { port } of ports ?? []) if (typeof port === "number" && !known.includes(port)) known.push(port);
    }
  }
  return Object.fromEntries(
    Object.entries(found)
      .map(([name, ports]) => [name, ports.sort((a, b) => a - b)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Who comes: the ingress controller's namespace is where the stack says that it is. */
function source(peer: Peer, surroundings: Surroundings): string {
  const { ingressFrom } = surroundings.kubernetes;
  const from = namespaceOf(peer);
  if (from !== undefined && !peer.podSelector && from === ingressFrom) return "edge";
  if (peer.ipBlock && Array.isArray(ingressFrom) && ingressFrom.includes(peer.ipBlock.cidr)) return "edge";
  return peerName(peer, surroundings);
}

/** Who is asked: kube-system for names, whatever else runs there. */
function destination(peer: Peer, surroundings: Surroundings): string {
  if (namespaceOf(peer) === "kube-system" && !peer.podSelector) return "dns";
  return peerName(peer, surroundings);
}

/** Undefined: its own, or not one by name. */
function namespaceOf({ namespaceSelector }: Peer): string | undefined {
  const { matchLabels = {}, matchExpressions = [] } = namespaceSelector ?? {};
  return matchExpressions.length === 0 ? matchLabels["kubernetes.io/metadata.name"] : undefined;
}

/** Whose address it is, by the subnets that the surroundings name; whose pods, by namespace and label. */
function peerName(peer: Peer, { namespace, network }: Surroundings): string {
  const { ipBlock, podSelector, namespaceSelector } = peer;
  const pods = podSelector?.matchLabels?.["app.kubernetes.io/name"];
  if (namespaceSelector) {
    const other = namespaceOf(peer);
    if (other === undefined) return isAny(namespaceSelector) && !podSelector ? "cluster" : "namespaces";
    if (other !== `${namespace}-data`) return podSelector ? "namespaces" : `namespace:${other}`;
    return pods === undefined ? "namespaces" : (STAND_INS[pods] ?? "stores");
  }
  if (podSelector) return `workload:${pods ?? "any"}`;
  if (!ipBlock) return "everything";
  if (network.public.includes(ipBlock.cidr)) return "edge";
  if (network.private.includes(ipBlock.cidr)) return "aws";
  if (network.isolated.includes(ipBlock.cidr)) return "stores";
  const [first = ""] = network.vpc.split("/");
  const closed = (ipBlock.except ?? []).some((cidr) => first.startsWith(cidr.replace(/(\.0)+\/\d+$/, ".")));
  return ipBlock.cidr === "0.0.0.0/0" && closed ? "internet" : `addresses ${ipBlock.cidr}`;
}

function isAny({ matchLabels = {}, matchExpressions = [] }: NonNullable<Peer["namespaceSelector"]>): boolean {
  return Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
}

/** Servers among the stores that the model knows by what they stand in for. */
const STAND_INS: Readonly<Record<string, string>> = { objects: "s3", queues: "queues" };
