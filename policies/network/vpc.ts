/** The VPC itself: what is closed in it, and what is written down about it. */
import { resourceRule, stackRule } from "../framework/rule.ts";
import type { Graph } from "../framework/graph.ts";
import type { Finding } from "../framework/finding.ts";
import { known } from "../framework/judgement.ts";
import { anywhere, defaultGroups, flowLogs, networkAcls, networksOf, queryLogs, subnets, vpcs } from "./subjects.ts";

export const defaultGroupClosed = resourceRule({
  name: "network-default-group-closed",
  description: "The VPC's default security group lets nothing in and nothing out.",
  controls: ["EC2.2"],
  severity: "high",
  remedy: "Leave ingress and egress of the default group empty.",
  on: defaultGroups,
  *check({ ingress = [], egress = [] }) {
    if (ingress.length > 0) yield { at: "ingress", found: `${ingress.length} rule(s)`, allowed: "none" };
    if (egress.length > 0) yield { at: "egress", found: `${egress.length} rule(s)`, allowed: "none" };
  },
});

export const defaultGroupTaken = stackRule({
  name: "network-default-group-taken",
  description: "Each VPC's default security group is taken over, for AWS makes it open among its members.",
  controls: ["EC2.2"],
  severity: "high",
  remedy: "Add a DefaultSecurityGroup without rules for the VPC.",
  over: [vpcs],
  *check(graph, _parameters, tell) {
    yield* each(graph, "default security group", closed(graph, tell));
  },
});

/** Those of which a VPC is known. */
function closed(graph: Graph, tell: (what: string) => void): number {
  return graph.all(defaultGroups).filter(({ view }) => known(() => view().vpcId !== undefined, tell) ?? true).length;
}

export const flowsLogged = stackRule({
  name: "network-flow-logs",
  description: "Each VPC's flows are logged: who talked to whom, and who was refused.",
  controls: ["EC2.6"],
  severity: "medium",
  remedy: "Add a FlowLog with trafficType ALL for the VPC.",
  over: [vpcs],
  *check(graph, _parameters, tell) {
    const whole = graph.all(flowLogs).filter(({ view }) => known(() => view().trafficType !== "ACCEPT", tell) ?? true);
    yield* each(graph, "flow log", whole.length);
  },
});

export const queriesLogged = stackRule({
  name: "network-dns-query-logs",
  description: "The names that a VPC's machines ask for are logged: an exfiltration by DNS leaves no flow.",
  controls: ["Route53.2"],
  severity: "low",
  remedy: "Add a ResolverQueryLogConfig and its association with the VPC.",
  over: [vpcs],
  *check(graph, _parameters, tell) {
    const associated = graph
      .all(queryLogs)
      .filter(({ view }) => known(() => view().resourceId !== undefined, tell) ?? true);
    yield* each(graph, "query log", associated.length);
  },
});

function* each(graph: Graph, what: string, found: number): Iterable<Finding> {
  const networks = networksOf(graph);
  if (found < networks)
    yield { at: "vpc", found: `${found} ${what}(s)`, allowed: `one for each of ${networks} VPC(s)` };
}

export const subnetAddresses = resourceRule({
  name: "network-subnet-public-addresses",
  description: "A subnet gives nothing a public address by itself.",
  controls: ["EC2.15"],
  severity: "medium",
  remedy: "Set mapPublicIpOnLaunch to false.",
  on: subnets,
  *check({ mapPublicIpOnLaunch: found }) {
    if (found) yield { at: "mapPublicIpOnLaunch", found, allowed: "false" };
  },
  mend: () => ({ mapPublicIpOnLaunch: false }),
});

/** SSH and Remote Desktop. @source AWS Security Hub user guide, "EC2.21", 2026-11 */
const ADMIN_PORTS = [22, 3389];

export const aclAdminPorts = resourceRule({
  name: "network-acl-admin-ports",
  description: "No network ACL lets the internet reach SSH or Remote Desktop.",
  controls: ["EC2.21"],
  severity: "medium",
  remedy: "Narrow the ACL entry's range of addresses or of ports.",
  on: networkAcls,
  *check({ ingress = [] }) {
    for (const { ruleNo, action, cidrBlock, ipv6CidrBlock, protocol, fromPort = 0, toPort = 0 } of ingress) {
      if (action?.toLowerCase() !== "allow" || !(anywhere(cidrBlock) || anywhere(ipv6CidrBlock))) continue;
      const open = ADMIN_PORTS.filter((port) => protocol === "-1" || (fromPort <= port && port <= toPort));
      if (open.length > 0) {
        yield { at: `ingress.${ruleNo}`, found: `the internet at ${open.join(", ")}`, allowed: "not these ports" };
      }
    }
  },
});
