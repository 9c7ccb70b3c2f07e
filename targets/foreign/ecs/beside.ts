/**
 * What `npm run compile --out` writes beside a task definition: rule, run, target group, role, security group. The AWS
 * CLI prints those by other commands, so a task definition from there has none of it.
 */
import type { Behaviour, JobBehaviour, ProbeBehaviour, StatementBehaviour } from "../../../platform/model/behaviour.ts";
import type { SecurityGroupRule } from "../../aws/forms.ts";
import { readReach } from "../../aws/read-network.ts";
import { fiveFields } from "../../ecs/read.ts";
import { Fields } from "../fields.ts";
import type { Log } from "../log.ts";

export interface Beside {
  readonly job: JobBehaviour | null;
  readonly providers: readonly string[];
  readonly target: {
    readonly probe: ProbeBehaviour;
    readonly drain: number;
    readonly routes: readonly string[];
  } | null;
  readonly identity: readonly StatementBehaviour[] | null;
  readonly reach: Pick<Behaviour, "accepts" | "reaches"> | null;
}

/** @source ELBv2 API reference, target group attributes, 2026-11 */
const DEREGISTRATION = 300;

export function readBeside(value: Readonly<Record<string, unknown>>, where: string, log: Log): Beside | undefined {
  return Fields.read(value, where, "", log, (fields) => {
    const rule = fields.object("rule", readRule);
    const run = fields.object("runTask", (each) => {
      each.aside("how it is run", "cluster", "taskDefinition", "networkConfiguration", "startedBy");
      each.aside("how it is tagged", "enableECSManagedTags", "propagateTags");
      return { job: jobOf("before:rollout", each.whole("count") ?? 1), providers: providersOf(each) };
    });
    return {
      job: rule?.job ?? run?.job ?? null,
      providers: rule?.providers ?? run?.providers ?? [],
      target: fields.object("targetGroup", targetGroup) ?? null,
      identity: fields.object("role", role) ?? null,
      reach: fields.object("securityGroup", securityGroup) ?? null,
    };
  });
}

function readRule(fields: Fields): { readonly job: JobBehaviour; readonly providers: readonly string[] } {
  fields.aside("its name and state", "name", "state");
  const schedule = fiveFields(fields.text("scheduleExpression") ?? "");
  const providers = fields.list("targets", (target) => {
    target.aside("how it is started", "id", "arn", "roleArn", "retryPolicy");
    return (
      target.object("ecsParameters", (parameters) => {
        parameters.aside("how it is started", "taskDefinitionArn", "taskCount", "networkConfiguration");
        return providersOf(parameters);
      }) ?? []
    );
  });
  return { job: jobOf(`schedule:${schedule}`, null), providers: providers.flat() };
}

/** EventBridge repeats a launch that failed, not a task that failed, and sets no deadline. */
function jobOf(trigger: string, maxParallel: number | null): JobBehaviour {
  return { trigger, attempts: 1, deadline: null, maxParallel };
}

function providersOf(fields: Fields): readonly string[] {
  return fields.list("capacityProviderStrategy", (each) => {
    each.aside("its share", "weight", "base");
    return each.text("capacityProvider") ?? "";
  });
}

function targetGroup(fields: Fields): Beside["target"] {
  fields.aside("how it is balanced", "name", "protocol", "targetType", "healthyThresholdCount", "matcher");
  const attributes = new Map(fields.list("attributes", (each) => [each.text("key"), each.text("value")] as const));
  const probe = {
    path: fields.text("healthCheckPath") ?? "/",
    port: fields.whole("port") ?? 0,
    interval: fields.whole("healthCheckIntervalSeconds") ?? 0,
    timeout: fields.whole("healthCheckTimeoutSeconds") ?? 0,
    failures: fields.whole("unhealthyThresholdCount") ?? 0,
  };
  const drain = Number(attributes.get("deregistration_delay.timeout_seconds") ?? DEREGISTRATION);
  return { probe, drain, routes: fields.texts("pathPatterns") };
}

function role(fields: Fields): readonly StatementBehaviour[] {
  fields.aside("what starting it takes", "assumedBy", "executionStatements");
  return fields.list("taskStatements", (each) => ({
    actions: each.texts("actions"),
    resources: each.texts("resources"),
  }));
}

function securityGroup(fields: Fields): Beside["reach"] {
  fields.aside("its name", "groupName", "description");
  return readReach({
    groupName: "",
    description: "",
    ingress: fields.list("ingress", securityGroupRule),
    egress: fields.list("egress", securityGroupRule),
  });
}

function securityGroupRule(fields: Fields): SecurityGroupRule {
  const peer = ["referencedSecurityGroupId", "prefixListId", "cidrIpv4"].map(
    (name) => [name, fields.text(name)] as const,
  );
  return {
    ipProtocol: fields.text("ipProtocol") === "udp" ? "udp" : "tcp",
    fromPort: port(fields, "fromPort"),
    toPort: port(fields, "toPort"),
    ...Object.fromEntries(peer.filter(([, value]) => value !== undefined)),
  };
}

function port(fields: Fields, name: string): number {
  const number = fields.whole(name) ?? 0;
  if (number <= 65_535) return number;
  fields.problem(name, "more than there are", "0 to 65535");
  return 0;
}
