/** What identities may do. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { allows, asks, inStatement } from "./document.ts";
import { accessKeys, attachments, permissions } from "./subjects.ts";

export const actionsNamed = resourceRule({
  name: "iam-actions-named",
  description: "An identity may do what is named, not all that a service has or will have.",
  controls: ["IAM.1", "IAM.21"],
  severity: "high",
  remedy: "Name the actions.",
  on: permissions,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement)) continue;
      const wide = statement.actions.filter((action) => action === "*" || action.endsWith(":*"));
      if (wide.length > 0) {
        yield { at: inStatement(statement, index, "Action"), found: wide.join(", "), allowed: "named actions" };
      }
    }
  },
});

export const nothingByExclusion = resourceRule({
  name: "iam-no-exclusion",
  description: "No permission is given by saying what is left out: it would grow with every new action of AWS.",
  controls: ["IAM.21"],
  severity: "high",
  remedy: "Use Action and Resource in place of NotAction and NotResource.",
  on: permissions,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement)) continue;
      const { notActions, notResources } = statement;
      if (notActions.length > 0)
        yield { at: inStatement(statement, index, "NotAction"), found: "set", allowed: "Action" };
      if (notResources.length > 0) {
        yield { at: inStatement(statement, index, "NotResource"), found: "set", allowed: "Resource" };
      }
    }
  },
});

/**
 * Actions that know no resource, so that only `*` will do. @source AWS service authorization reference, "Actions,
 * resources, and condition keys" of each service, 2026-11
 */
const WITHOUT_RESOURCE = [
  "autoscaling:Describe*",
  "cloudwatch:PutMetricData",
  "ec2:Describe*",
  "ec2:GetInstanceTypesFromInstanceRequirements",
  "ecr:GetAuthorizationToken",
  "ecs:DiscoverPollEndpoint",
  "elasticloadbalancing:Describe*",
  "logs:DescribeLogGroups",
  "secretsmanager:GetRandomPassword",
  "secretsmanager:ListSecrets",
  "sts:GetCallerIdentity",
  "xray:Get*",
  "xray:Put*",
];

/** Conditions that stand in for a resource: what it is marked with, or the part of a service that it is in. */
const IN_PLACE_OF_RESOURCE = [/^aws:ResourceTag\//i, /^[a-z0-9]+:ResourceTag\//i, /^cloudwatch:namespace$/i];

export const resourcesNamed = resourceRule({
  name: "iam-resources-named",
  description: "An identity may touch what is named; every resource, only by actions that know none.",
  controls: ["IAM.21"],
  severity: "high",
  remedy: "Name the resources, or ask for their tag in a condition.",
  on: permissions,
  parameters: z.strictObject({
    actions: z.array(z.string()).default(WITHOUT_RESOURCE).describe("Actions that know no resource; * at their end"),
  }),
  *check(statements, { actions: free }) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement) || !statement.resources.includes("*")) continue;
      const keys = Object.values(statement.condition).flatMap((operands) => Object.keys(operands));
      if (keys.some((key) => IN_PLACE_OF_RESOURCE.some((pattern) => pattern.test(key)))) continue;
      const bound = statement.actions.filter((action) => !free.some((each) => matches(action, each)));
      if (bound.length > 0) {
        yield { at: inStatement(statement, index, "Resource"), found: `* for ${bound.join(", ")}`, allowed: "ARNs" };
      }
    }
  },
});

function matches(action: string, pattern: string): boolean {
  return pattern.endsWith("*") ? action.startsWith(pattern.slice(0, -1)) : action === pattern;
}

export const rolesPassed = resourceRule({
  name: "iam-pass-role",
  description: "Who may hand a role on may hand on named roles, to the service that they are for.",
  controls: ["IAM.21"],
  severity: "high",
  remedy: "Name the roles, with a condition on iam:PassedToService.",
  on: permissions,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement) || !statement.actions.includes("iam:PassRole")) continue;
      if (statement.resources.some((resource) => resource.endsWith("*"))) {
        yield {
          at: inStatement(statement, index, "Resource"),
          found: statement.resources.join(", "),
          allowed: "roles",
        };
      }
      if (!asks(statement, "iam:PassedToService")) {
        const at = inStatement(statement, index, "Condition");
        yield { at, found: undefined, allowed: "iam:PassedToService" };
      }
    }
  },
});

/** @source AWS managed policy reference: those that grant a whole account, or all of a service, 2026-11 */
const BROAD = /\/(AdministratorAccess|PowerUserAccess|IAMFullAccess|ReadOnlyAccess|[A-Za-z0-9]+FullAccess)$/;

export const managedPolicies = resourceRule({
  name: "iam-managed-policies",
  description: "No role carries one of AWS's policies that grant all of a service, or of the account.",
  controls: ["IAM.1", "IAM.18"],
  severity: "critical",
  remedy: "Attach a policy of the platform's own, with what the role needs.",
  on: attachments,
  *check({ policyArn: found }) {
    if (found !== undefined && BROAD.test(found))
      yield { at: "policyArn", found, allowed: "a policy made for the role" };
  },
});

export const noLastingKeys = resourceRule({
  name: "iam-no-access-keys",
  description: "Nothing signs in with keys that last: roles give credentials for hours.",
  controls: ["IAM.3", "IAM.22"],
  severity: "critical",
  remedy: "Take a role on, by OIDC from outside AWS; until the key is gone, set its status to Inactive.",
  on: accessKeys,
  *check({ status: found = "Active" }) {
    if (found !== "Inactive") yield { at: "status", found, allowed: "Inactive" };
  },
  mend: () => ({ status: "Inactive" }),
});
