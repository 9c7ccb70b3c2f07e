/**
 * A group for each workload, then its rules, one resource a rule. A rule towards something shared has a counterpart in
 * the shared group: what a workload may reach must also let it in.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { workloadGroupKey, workloadsNamedIn, type AwsContext } from "./deploy-context.ts";
import type { SecurityGroup, SecurityGroupRule } from "./forms.ts";

/** By the workload's name. All groups before any rule, for rules refer to each other's groups. */
export function createGroups({ compiled, foundation, nameOf, tags, tell }: AwsContext): SecurityGroups {
  return Object.fromEntries(
    Object.entries(compiled.units).map(([name, { securityGroup }]) => {
      const group = new aws.ec2.SecurityGroup(nameOf(name), {
        name: securityGroup.groupName,
        vpcId: foundation.network.vpcId,
        description: securityGroup.description,
        tags: tags(name),
      });
      tell(workloadGroupKey(name), group.id);
      return [name, group];
    }),
  );
}

export type SecurityGroups = Readonly<Record<string, aws.ec2.SecurityGroup>>;
type Direction = "ingress" | "egress";
const OPPOSITE = { ingress: "egress", egress: "ingress" } as const;
const RULES = { ingress: aws.vpc.SecurityGroupIngressRule, egress: aws.vpc.SecurityGroupEgressRule };

/** Every rule of a workload, and its counterparts in the groups of what is shared. */
export function createRules(
  service: string,
  form: SecurityGroup,
  groups: SecurityGroups,
  context: AwsContext,
): readonly pulumi.Resource[] {
  const group = groups[service];
  if (!group) throw new Error(`${service} has no security group.`);
  const name = context.nameOf(service);
  return (["ingress", "egress"] as const).flatMap((direction) =>
    form[direction].flatMap((rule) => {
      const made = createRule(`${name}-${ruleName(rule)}`, direction, rule, group.id, context, service);
      const shared = sharedGroupOf(rule);
      if (shared === undefined) return [made];
      const counterpart = { ...rule, referencedSecurityGroupId: undefined };
      const back = new RULES[OPPOSITE[direction]](`${shared}-${name}-${portName(rule)}`, {
        ...common(counterpart, context, service),
        securityGroupId: context.fill(rule.referencedSecurityGroupId),
        referencedSecurityGroupId: group.id,
      });
      return [made, back];
    }),
  );
}

function createRule(
  logicalName: string,
  direction: Direction,
  rule: SecurityGroupRule,
  securityGroupId: pulumi.Output<string>,
  context: AwsContext,
  service: string,
): pulumi.Resource {
  const { fill } = context;
  return new RULES[direction](logicalName, {
    ...common(rule, context, service),
    securityGroupId,
    ...(rule.referencedSecurityGroupId ? { referencedSecurityGroupId: fill(rule.referencedSecurityGroupId) } : {}),
    ...(rule.prefixListId ? { prefixListId: fill(rule.prefixListId) } : {}),
    ...(rule.cidrIpv4 ? { cidrIpv4: rule.cidrIpv4 } : {}),
  });
}

function common({ ipProtocol, fromPort, toPort }: SecurityGroupRule, { tags }: AwsContext, service: string) {
  return { ipProtocol, fromPort, toPort, description: service, tags: tags(service) };
}

/** `edge`, `endpoints`, `cluster` or `store-<name>`; undefined where the peer is another workload, whose own rules say the same. */
function sharedGroupOf({ referencedSecurityGroupId: reference }: SecurityGroupRule): string | undefined {
  if (reference === undefined || workloadsNamedIn([reference]).length > 0) return undefined;
  return peerName(reference);
}

function ruleName({ ipProtocol, toPort, ...peer }: SecurityGroupRule): string {
  const reference = peer.referencedSecurityGroupId ?? peer.prefixListId;
  const address = reference === undefined ? (peer.cidrIpv4 ?? "").replaceAll(/[./]/g, "-") : peerName(reference);
  return `${address}-${ipProtocol}-${toPort}`;
}

/** A number is TCP's. */
function portName({ ipProtocol, toPort }: SecurityGroupRule): string {
  return ipProtocol === "tcp" ? String(toPort) : `${toPort}-${ipProtocol}`;
}

/** `${securityGroup.store-database.id}` → `store-database`. */
function peerName(reference: string): string {
  return reference.split(".").slice(1, -1).join(".");
}
