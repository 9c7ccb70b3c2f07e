/** Who may take a role on, and who may use a resource by its own policy. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { allows, ANYBODY, asks, inStatement } from "./document.ts";
import { launchTemplates, resourcePolicies, trusts } from "./subjects.ts";

export const trustNamed = resourceRule({
  name: "iam-trust-named",
  description: "A role is taken on by who is named, never by anybody.",
  controls: ["IAM.21"],
  severity: "critical",
  remedy: "Name the service, the role or the provider in Principal.",
  on: trusts,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement)) continue;
      const anybody = Object.values(statement.principals).flat().includes(ANYBODY);
      if (anybody || statement.notPrincipals) {
        yield { at: inStatement(statement, index, "Principal"), found: "anybody", allowed: "a name" };
      }
    }
  },
});

/**
 * Services that act for many accounts and say for which. @source AWS documentation, "Cross-service confused deputy
 * prevention" of each service, 2026-11
 */
const SAYS_FOR_WHOM = [
  "ecs-tasks.amazonaws.com",
  "events.amazonaws.com",
  "scheduler.amazonaws.com",
  "vpc-flow-logs.amazonaws.com",
  "monitoring.rds.amazonaws.com",
];

export const trustForThisAccount = resourceRule({
  name: "iam-trust-source",
  description: "A service takes a role on for this account alone, not on behalf of another that names the role.",
  controls: ["IAM.21"],
  severity: "medium",
  remedy: "Add a condition on aws:SourceAccount or aws:SourceArn.",
  on: trusts,
  parameters: z.strictObject({ services: z.array(z.string()).default(SAYS_FOR_WHOM) }),
  *check(statements, { services }) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement)) continue;
      const named = (statement.principals["Service"] ?? []).filter((service) => services.includes(service));
      if (named.length > 0 && !asks(statement, "aws:SourceAccount") && !asks(statement, "aws:SourceArn")) {
        const at = inStatement(statement, index, "Condition");
        yield { at, found: `nothing for ${named.join(", ")}`, allowed: "aws:SourceAccount" };
      }
    }
  },
});

const POD_IDENTITY = "pods.eks.amazonaws.com";
/** @source EKS user guide, "Pod Identity session tags", 2026-11 */
const POD_TAGS = ["aws:RequestTag/kubernetes-namespace", "aws:RequestTag/kubernetes-service-account"];

export const trustOnePod = resourceRule({
  name: "iam-trust-pod",
  description: "A role for pods is for one service account of one namespace, whatever an association says.",
  controls: ["EKS.8"],
  severity: "medium",
  remedy: "Add conditions on the session tags of namespace and service account, and sts:TagSession.",
  on: trusts,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement) || !(statement.principals["Service"] ?? []).includes(POD_IDENTITY)) continue;
      const missing = POD_TAGS.filter((tag) => !asks(statement, tag));
      if (missing.length > 0) {
        yield {
          at: inStatement(statement, index, "Condition"),
          found: `not ${missing.join(", ")}`,
          allowed: "these too",
        };
      }
      if (!statement.actions.includes("sts:TagSession")) {
        const at = inStatement(statement, index, "Action");
        yield { at, found: statement.actions.join(", "), allowed: "sts:TagSession too" };
      }
    }
  },
});

export const resourceNotPublic = resourceRule({
  name: "iam-resource-policy",
  description: "A resource's own policy lets in who is named, never anybody.",
  controls: ["S3.6", "SQS.3", "SNS.4"],
  severity: "critical",
  remedy: "Name the principal, or ask for the account or the organisation in a condition.",
  on: resourcePolicies,
  *check(statements) {
    for (const [index, statement] of statements.entries()) {
      if (!allows(statement)) continue;
      const anybody = Object.values(statement.principals).flat().includes(ANYBODY) || statement.notPrincipals;
      const narrowed = NARROWS.some((key) => asks(statement, key));
      if (anybody && !narrowed) {
        yield { at: inStatement(statement, index, "Principal"), found: "anybody", allowed: "a name, or a condition" };
      }
    }
  },
});

const NARROWS = ["aws:SourceAccount", "aws:SourceArn", "aws:PrincipalAccount", "aws:PrincipalOrgID", "aws:SourceVpce"];

export const metadataHops = resourceRule({
  name: "ec2-template-metadata-hops",
  description: "A container does not get at its machine's credentials: the answer ends at the machine.",
  controls: ["EC2.8"],
  severity: "high",
  remedy: "Set metadataOptions.httpPutResponseHopLimit to 1.",
  on: launchTemplates,
  parameters: z.strictObject({ hops: z.int().positive().default(1) }),
  *check({ metadataOptions }, { hops }) {
    if (metadataOptions?.httpEndpoint === "disabled") return;
    const found = metadataOptions?.httpPutResponseHopLimit;
    // Left out, the account's own default or the image's counts, which may be 2.
    if (found === undefined || found > hops) {
      yield { at: "metadataOptions.httpPutResponseHopLimit", found, allowed: `at most ${hops}` };
    }
  },
});
