import type { FixturesOf, Made } from "../fixtures.ts";
import type * as rules from "./orphans.ts";

const TASK = "aws:ecs/taskDefinition:TaskDefinition";
const SERVICE = "aws:ecs/service:Service";
const GROUP = "aws:ec2/securityGroup:SecurityGroup";
const RULE = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const ROLE = "aws:iam/role:Role";
const TARGETS = "aws:lb/targetGroup:TargetGroup";

const pair = (type: string, props: object, by: string, from: Made["from"] = {}): readonly Made[] => [
  { type, name: "one", props },
  { type: by, name: "other", props: {}, from },
];
const filled = (first: string, second: string): readonly Made[] =>
  Object.entries({ first, second }).map(([name, targetGroupArn]) => ({
    type: SERVICE,
    name,
    props: { loadBalancers: [{ containerName: "api", containerPort: 3001, targetGroupArn }] },
  }));

export const fixtures: FixturesOf<typeof rules> = {
  definitionsUsed: {
    compliant: pair(TASK, { family: "api" }, SERVICE, { taskDefinition: ["one"] }),
    violating: [{ given: pair(TASK, { family: "api" }, SERVICE), found: "one: found used by nothing" }],
    decides: "one.family",
    absent: "kept",
  },
  groupsUsed: {
    compliant: pair(GROUP, { description: "API" }, SERVICE, { networkConfiguration: ["one"] }),
    violating: [
      { given: pair(GROUP, { description: "API" }, SERVICE), found: "one: found used by nothing" },
      { given: pair(GROUP, {}, RULE, { securityGroupId: ["one"] }), found: "one: found used by nothing" },
    ],
    decides: "one.description",
    absent: "kept",
  },
  rolesUsed: {
    compliant: pair(ROLE, { assumeRolePolicy: "{}" }, TASK, { taskRoleArn: ["one"] }),
    violating: [
      {
        given: pair(ROLE, { assumeRolePolicy: "{}" }, "aws:iam/rolePolicy:RolePolicy", { role: ["one"] }),
        found: "one: found used by nothing",
      },
    ],
    decides: "one.assumeRolePolicy",
    absent: "kept",
  },
  targetGroupsKnown: {
    compliant: pair(TARGETS, { targetType: "ip" }, "aws:lb/listenerRule:ListenerRule", { actions: ["one"] }),
    violating: [
      {
        given: pair(TARGETS, { targetType: "ip" }, SERVICE, { loadBalancers: ["one"] }),
        found: "one: found used by nothing",
      },
    ],
    decides: "one.targetType",
    absent: "kept",
  },
  servicesBehindKnown: {
    compliant: filled("group-1", "group-2"),
    violating: [{ given: filled("group-1", "group-1"), found: "second.loadBalancers: found as first" }],
    decides: "second.loadBalancers",
    absent: "kept",
  },
};
