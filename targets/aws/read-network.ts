/** Which peers a workload's security group lets through, on which ports. */
import type { Reach } from "../../platform/model/behaviour.ts";
import type { SecurityGroup, SecurityGroupRule } from "./forms.ts";

export function readReach({ ingress, egress }: SecurityGroup): { readonly accepts: Reach; readonly reaches: Reach } {
  return { accepts: grouped(ingress), reaches: grouped(egress) };
}

function grouped(rules: readonly SecurityGroupRule[]): Reach {
  const ports: Record<string, number[]> = {};
  for (const rule of rules) {
    const peer = peerOf(rule);
    const known = (ports[peer] ??= []);
    for (let port = rule.fromPort; port <= rule.toPort; port++) if (!known.includes(port)) known.push(port);
  }
  return Object.fromEntries(
    Object.entries(ports)
      .map(([peer, list]) => [peer, list.sort((a, b) => a - b)] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** A store is told apart by its port: subnets are all that a network policy can name. */
function peerOf({ referencedSecurityGroupId, prefixListId, cidrIpv4, fromPort }: SecurityGroupRule): string {
  if (cidrIpv4 === "0.0.0.0/0") return "internet";
  // The VPC's own resolver.
  if (cidrIpv4?.startsWith("169.254.169.253") && fromPort === 53) return "dns";
  if (prefixListId !== undefined) return /^\$\{prefixList\.(.+)\.id\}$/.exec(prefixListId)?.[1] ?? prefixListId;
  const [, group = ""] = /^\$\{securityGroup\.(.+)\.id\}$/.exec(referencedSecurityGroupId ?? "") ?? [];
  if (group === "edge") return "edge";
  if (group === "endpoints") return "aws";
  if (group.startsWith("store-")) return "stores";
  if (group.startsWith("workload-")) return `workload:${group.slice("workload-".length)}`;
  return cidrIpv4 ?? referencedSecurityGroupId ?? "unknown";
}
