/** Orphans: what nothing in the stack uses. It costs, it is open to somebody, or it tells of a slip. */
import { services as ecsServices, taskDefinitions } from "../compute/subjects.ts";
import type { Resource, Subject } from "../framework/given.ts";
import { comesFrom, type Graph } from "../framework/graph.ts";
import type { Finding } from "../framework/finding.ts";
import { known } from "../framework/judgement.ts";
import { stackRule } from "../framework/rule.ts";
import { roles } from "../identity/subjects.ts";
import {
  egressRules,
  ingressRules,
  listenerRules,
  listeners,
  securityGroups,
  targetGroups,
} from "../network/subjects.ts";

type Tell = (what: string) => void;

/** Resources that something refers to, apart from what only belongs to them. */
function used(graph: Graph, belongings: readonly string[]): ReadonlySet<Resource> {
  return new Set(
    graph.resources.filter(({ type }) => !belongings.includes(type)).flatMap(({ from }) => Object.values(from).flat()),
  );
}

/** A finding for each that nobody refers to. One that is exported on purpose says so by a name that a preview knows. */
function* orphans<Props extends object>(
  graph: Graph,
  subject: Subject<Props>,
  referred: ReadonlySet<Resource>,
  isOne: (props: Props) => boolean,
  tell: Tell,
): Iterable<Finding> {
  for (const { resource, view } of graph.all(subject)) {
    if (referred.has(resource)) continue;
    if (known(() => isOne(view()), tell)) {
      yield { at: resource.name, found: "used by nothing", allowed: "something that uses it", on: resource };
    }
  }
}

export const definitionsUsed = stackRule({
  name: "stack-task-definition-used",
  description: "Each task definition is run by a service, a schedule or a function.",
  controls: ["Limits, stack"],
  severity: "medium",
  remedy: "Run it, or take it out.",
  over: [taskDefinitions],
  *check(graph, _parameters, tell) {
    yield* orphans(graph, taskDefinitions, used(graph, []), ({ family }) => family !== undefined, tell);
  },
});

export const groupsUsed = stackRule({
  name: "stack-security-group-used",
  description: "Each security group guards something.",
  controls: ["EC2.22"],
  severity: "medium",
  remedy: "Put it before something, or take it out.",
  over: [securityGroups],
  *check(graph, _parameters, tell) {
    const referred = used(graph, [...ingressRules.types, ...egressRules.types]);
    yield* orphans(graph, securityGroups, referred, ({ description }) => description !== "", tell);
  },
});

export const rolesUsed = stackRule({
  name: "stack-role-used",
  description: "Each role is somebody's: one that nobody has is a way in that nobody watches.",
  controls: ["IAM.22"],
  severity: "medium",
  remedy: "Give it to something, or take it out.",
  over: [roles],
  *check(graph, _parameters, tell) {
    const belongings = ["aws:iam/rolePolicy:RolePolicy", "aws:iam/rolePolicyAttachment:RolePolicyAttachment"];
    yield* orphans(graph, roles, used(graph, belongings), (role) => role.assumeRolePolicy !== undefined, tell);
  },
});

export const targetGroupsKnown = stackRule({
  name: "stack-target-group-known",
  description: "A listener knows each target group, or no task could be put into it and no pod's gate would pass.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Add a listener rule that forwards to it.",
  over: [targetGroups],
  *check(graph, _parameters, tell) {
    const forwarded = [listenerRules, listeners].flatMap((subject) =>
      graph.resources
        .filter(({ type }) => subject.types.includes(type))
        .flatMap((rule) =>
          ["actions", "defaultActions"].flatMap((property) => comesFrom(rule, property, targetGroups)),
        ),
    );
    yield* orphans(graph, targetGroups, new Set(forwarded), ({ targetType }) => targetType !== "lambda", tell);
  },
});

export const servicesBehindKnown = stackRule({
  name: "stack-service-target-group",
  description: "One service fills a target group: two would be one to whoever asks.",
  controls: ["Limits, stack"],
  severity: "high",
  remedy: "Give each service a target group of its own.",
  over: [ecsServices],
  *check(graph, _parameters, tell) {
    const filled = new Map<string, Resource>();
    for (const { resource, view } of graph.all(ecsServices)) {
      const arns = known(() => (view().loadBalancers ?? []).flatMap((each) => each.targetGroupArn ?? []), tell) ?? [];
      for (const arn of arns) {
        const other = filled.get(arn);
        if (other)
          yield { at: `${resource.name}.loadBalancers`, found: `as ${other.name}`, allowed: "its own", on: resource };
        else filled.set(arn, resource);
      }
    }
  },
});
