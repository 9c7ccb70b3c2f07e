/** Who reaches whom: security groups and the rules that open them. */
import { z } from "zod";
import { comesFrom } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { resourceRule, stackRule } from "../framework/rule.ts";
import { anywhere, egressRules, ingressRules, securityGroups, type SecurityGroupRule } from "./subjects.ts";

export const groupStandalone = resourceRule({
  name: "network-group-standalone-rules",
  description: "A security group's rules are resources of their own, so no other stack's run erases them.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Move ingress and egress into SecurityGroupIngressRule and SecurityGroupEgressRule.",
  on: securityGroups,
  *check({ ingress = [], egress = [] }) {
    if (ingress.length > 0) yield { at: "ingress", found: `${ingress.length} inline`, allowed: "none" };
    if (egress.length > 0) yield { at: "egress", found: `${egress.length} inline`, allowed: "none" };
  },
});

export const ingressFromInternet = resourceRule({
  name: "network-ingress-internet",
  description: "The internet may knock at the edge's public ports and nowhere else.",
  controls: ["EC2.13", "EC2.14", "EC2.18", "EC2.19"],
  severity: "critical",
  remedy: "Name the group that may come in, not the internet.",
  on: ingressRules,
  parameters: z.strictObject({ ports: z.array(z.int()).default([80, 443]) }),
  *check(rule, { ports }) {
    if (!isOpen(rule) || onlyOn(rule, ports)) return;
    yield { at: portsOf(rule), found: "open to the internet", allowed: `ports ${ports.join(", ")} alone` };
  },
});

export const ingressFromGroups = stackRule({
  name: "network-ingress-from-groups",
  description: "What is not the edge lets in security groups, never ranges of addresses.",
  controls: ["EC2.18"],
  severity: "high",
  remedy: "Set referencedSecurityGroupId in place of the range.",
  over: [ingressRules],
  parameters: z.strictObject({
    edges: z.array(z.string()).default(["edge"]).describe("Names of the groups at the edge"),
  }),
  *check(graph, { edges }, tell) {
    for (const { resource, view } of graph.all(ingressRules)) {
      const [group] = comesFrom(resource, "securityGroupId", securityGroups);
      const cidr = known(() => view().cidrIpv4 ?? view().cidrIpv6, tell);
      if (cidr === undefined || (group && edges.includes(group.name))) continue;
      yield { at: `${resource.name}.cidr`, found: cidr, allowed: "a security group", on: resource };
    }
  },
});

export const ingressNarrow = resourceRule({
  name: "network-ingress-narrow",
  description: "A rule lets in one port of one protocol, unless a group speaks with itself.",
  controls: ["EC2.18", "EC2.19"],
  severity: "high",
  remedy: "Name the port and the protocol.",
  on: ingressRules,
  parameters: z.strictObject({ widest: z.int().positive().default(1).describe("Ports that one rule may open") }),
  *check(rule, { widest }) {
    if (!withinGroup(rule) && width(rule) > widest) {
      yield { at: "fromPort", found: portsOf(rule), allowed: `${widest} port(s)` };
    }
  },
});

export const egressNarrow = resourceRule({
  name: "network-egress-narrow",
  description: "A rule lets out one port of one protocol, unless a group speaks with itself.",
  controls: ["EC2.2"],
  severity: "medium",
  remedy: "Name the port and the protocol.",
  on: egressRules,
  parameters: z.strictObject({ widest: z.int().positive().default(1).describe("Ports that one rule may open") }),
  *check(rule, { widest }) {
    if (!withinGroup(rule) && width(rule) > widest) {
      yield { at: "fromPort", found: portsOf(rule), allowed: `${widest} port(s)` };
    }
  },
});

export const egressToInternet = resourceRule({
  name: "network-egress-internet",
  description: "The way to the internet is open on the ports that a binding asks for.",
  controls: ["EC2.2"],
  severity: "high",
  remedy: "Open the port of a binding to the internet, or name a group.",
  on: egressRules,
  parameters: z.strictObject({
    ports: z.array(z.int()).default([443, 587]).describe("HTTPS, and mail with TLS from its start or by STARTTLS"),
  }),
  *check(rule, { ports }) {
    if (!isOpen(rule) || onlyOn(rule, ports)) return;
    yield { at: portsOf(rule), found: "open to the internet", allowed: `ports ${ports.join(", ")} alone` };
  },
});

function isOpen({ cidrIpv4, cidrIpv6 }: SecurityGroupRule): boolean {
  return anywhere(cidrIpv4) || anywhere(cidrIpv6);
}

function withinGroup({ securityGroupId, referencedSecurityGroupId }: SecurityGroupRule): boolean {
  return securityGroupId !== undefined && securityGroupId === referencedSecurityGroupId;
}

function onlyOn(rule: SecurityGroupRule, ports: readonly number[]): boolean {
  return width(rule) === 1 && rule.fromPort !== undefined && ports.includes(rule.fromPort);
}

/** Ports that the rule opens; one without ports opens all. */
function width({ ipProtocol, fromPort, toPort }: SecurityGroupRule): number {
  if (ipProtocol === "-1" || fromPort === undefined || fromPort === -1) return Infinity;
  return (toPort ?? fromPort) - fromPort + 1;
}

function portsOf({ ipProtocol = "-1", fromPort, toPort = fromPort }: SecurityGroupRule): string {
  if (ipProtocol === "-1" || fromPort === undefined) return "every port";
  return `${ipProtocol} ${fromPort === toPort ? fromPort : `${fromPort} to ${toPort}`}`;
}
