/** Which peers a workload's NetworkPolicy lets through, on which ports. Without a policy for it: everything. */
import type { Reach } from "../../platform/model/behaviour.ts";
import type { Surroundings } from "../target.ts";
import type { KubernetesUnit, NetworkPolicy } from "./forms.ts";

type Rule = NonNullable<NonNullable<NetworkPolicy["spec"]>["egress"]>[number];
type Peer = NonNullable<Rule["to"]>[number];
type Ports = Rule["ports"];

const EVERYTHING: Reach = { everything: [] };

export function readReach(
  { manifests }: KubernetesUnit,
  { network }: Surroundings,
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
          network,
        )
      : EVERYTHING,
    reaches: types.includes("Egress")
      ? grouped(
          (spec.egress ?? []).map(({ to, ports }) => [to, ports]),
          network,
        )
      : EVERYTHING,
  };
}

function grouped(
  rules: readonly (readonly [readonly Peer[] | undefined, Ports])[],
  network: Surroundings["network"],
): Reach {
  const found: Record<string, number[]> = {};
  for (const [peers, ports] of rules) {
    for (const name of new Set((peers ?? [{}]).map((peer) => peerName(peer, network)))) {
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

/** Whose address it is, by the subnets that the surroundings name. */
function peerName({ ipBlock, podSelector, namespaceSelector }: Peer, network: Surroundings["network"]): string {
  if (namespaceSelector)
    return namespaceSelector.matchLabels?.["kubernetes.io/metadata.name"] === "kube-system" ? "dns" : "namespaces";
  if (podSelector) return `workload:${podSelector.matchLabels?.["app.kubernetes.io/name"] ?? "any"}`;
  if (!ipBlock) return "everything";
  if (network.public.includes(ipBlock.cidr)) return "edge";
  if (network.private.includes(ipBlock.cidr)) return "aws";
  if (network.isolated.includes(ipBlock.cidr)) return "stores";
  const [first = ""] = network.vpc.split("/");
  const closed = (ipBlock.except ?? []).some((cidr) => first.startsWith(cidr.replace(/(\.0)+\/\d+$/, ".")));
  return ipBlock.cidr === "0.0.0.0/0" && closed ? "internet" : `addresses ${ipBlock.cidr}`;
}
