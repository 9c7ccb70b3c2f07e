import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./permissions.ts";

const QUEUE = "arn:aws:sqs:us-east-1:123456789012:requests";
const ROLE = "arn:aws:iam::123456789012:role/task";
const policy = (...statements: readonly object[]) => ({
  policy: JSON.stringify({
    Version: "2012-10-17",
    Statement: statements.map((each) => ({ Effect: "Allow", ...each })),
  }),
});
const to = (service: string) => ({ StringEquals: { "iam:PassedToService": service } });
const arn = (name: string) => ({ role: "task", policyArn: `arn:aws:iam::aws:policy/${name}` });

export const fixtures: FixturesOf<typeof rules> = {
  actionsNamed: {
    compliant: policy({ Action: ["sqs:SendMessage"], Resource: [QUEUE] }),
    violating: [
      { given: policy({ Action: "*", Resource: QUEUE }), found: "Statement.0.Action: found *" },
      {
        given: policy({ Sid: "Queue", Action: ["sqs:*"], Resource: QUEUE }),
        found: "Statement.Queue.Action: found sqs:*",
      },
    ],
    decides: "policy",
    absent: "kept",
  },
  nothingByExclusion: {
    compliant: policy({ Effect: "Deny", NotAction: ["sqs:SendMessage"], Resource: ["*"] }),
    violating: [
      { given: policy({ NotAction: ["iam:*"], Resource: QUEUE }), found: "Statement.0.NotAction: found set" },
      { given: policy({ Action: ["sqs:SendMessage"], NotResource: [QUEUE] }), found: "NotResource: found set" },
    ],
    decides: "policy",
    absent: "kept",
  },
  resourcesNamed: {
    compliant: policy(
      { Action: ["sqs:SendMessage"], Resource: [QUEUE] },
      { Action: ["ecr:GetAuthorizationToken", "ec2:DescribeTags"], Resource: "*" },
      {
        Action: ["autoscaling:SetDesiredCapacity"],
        Resource: "*",
        Condition: { StringEquals: { "aws:ResourceTag/owner": "platform" } },
      },
    ),
    violating: [
      {
        given: policy({ Action: ["sqs:SendMessage", "ec2:DescribeTags"], Resource: ["*"] }),
        found: "Statement.0.Resource: found * for sqs:SendMessage",
      },
      {
        given: policy({
          Action: "s3:GetObject",
          Resource: "*",
          Condition: { Bool: { "aws:SecureTransport": "true" } },
        }),
        found: "found * for s3:GetObject",
      },
    ],
    decides: "policy",
    absent: "kept",
    configured: [
      { config: { actions: ["sqs:*"] }, given: policy({ Action: "sqs:SendMessage", Resource: "*" }), then: "kept" },
      { config: { actions: [] }, given: policy({ Action: "ec2:DescribeTags", Resource: "*" }), then: "broken" },
    ],
  },
  rolesPassed: {
    compliant: policy({ Action: "iam:PassRole", Resource: ROLE, Condition: to("ecs-tasks.amazonaws.com") }),
    violating: [
      { given: policy({ Action: "iam:PassRole", Resource: ROLE }), found: "Statement.0.Condition: found nothing" },
      {
        given: policy({ Action: "iam:PassRole", Resource: "*", Condition: to("ecs-tasks.amazonaws.com") }),
        found: "Statement.0.Resource: found *",
      },
    ],
    decides: "policy",
    absent: "kept",
  },
  managedPolicies: {
    compliant: arn("service-role/AWSLambdaVPCAccessExecutionRole"),
    violating: [
      { given: arn("AdministratorAccess"), found: "AdministratorAccess" },
      { given: arn("AmazonS3FullAccess"), found: "AmazonS3FullAccess" },
    ],
    decides: "policyArn",
    absent: "kept",
  },
  noLastingKeys: {
    compliant: { user: "ci", status: "Inactive" },
    violating: [{ given: { user: "ci", status: "Active" }, found: "found Active" }],
    decides: "status",
    absent: "broken",
  },
};
