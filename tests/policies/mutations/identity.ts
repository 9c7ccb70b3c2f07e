/** Who may do what, and as whom. */
import { added, at, type Table } from "./mutation.ts";

const policy = (name: string) => at("aws:iam/rolePolicy:RolePolicy", name);
const role = (name: string) => at("aws:iam/role:Role", name);
const template = at("aws:ec2/launchTemplate:LaunchTemplate", "cryptotracker-gpu-a100");

export const identity: Table = {
  "prod ecs": [
    [
      "may do everything with queues",
      policy("ml-inference-service-task").set("policy.Statement.0.Action", ["sqs:*"]),
      "iam-actions-named",
    ],
    [
      "may do anything",
      policy("ml-inference-service-task").set("policy.Statement.0", { Effect: "Allow", Action: "*", Resource: "*" }),
      "iam-actions-named",
    ],
    [
      "may read every secret",
      policy("api-service-execution").set("policy.Statement.3", {
        Effect: "Allow",
        Action: ["secretsmanager:GetSecretValue"],
        Resource: ["*"],
      }),
      "iam-resources-named",
    ],
    [
      "may do all but one thing",
      policy("ml-inference-service-task").set("policy.Statement.0", {
        Effect: "Allow",
        NotAction: ["iam:*"],
        Resource: ["arn:aws:sqs:us-east-1:123456789012:q"],
      }),
      "iam-no-exclusion",
    ],
    [
      "may hand on any role",
      policy("model-training-events").set("policy.Statement.0", {
        Effect: "Allow",
        Action: ["iam:PassRole"],
        Resource: ["*"],
      }),
      "iam-pass-role",
    ],
    [
      "makes a service the administrator",
      added(
        "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
        "admin",
        { role: "api-service-task", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
        {
          role: [["aws:iam/role:Role", "api-service-task"]],
        },
      ),
      "iam-managed-policies",
    ],
    [
      "lets anybody take a role on",
      role("api-service-task").set("assumeRolePolicy.Statement.0.Principal", { AWS: "*" }),
      "iam-trust-named",
    ],
    [
      "lets a service act for another account",
      role("api-service-task").without("assumeRolePolicy.Statement.0.Condition"),
      "iam-trust-source",
    ],
    ["signs in with keys that last", added("aws:iam/accessKey:AccessKey", "ci", { user: "ci" }), "iam-no-access-keys"],
    [
      "lets anybody send to a queue",
      at("aws:sqs/queuePolicy:QueuePolicy", "ml-requests").set("policy.Statement.0", {
        Effect: "Allow",
        Principal: "*",
        Action: ["sqs:SendMessage"],
        Resource: "*",
      }),
      "iam-resource-policy",
    ],
    [
      "lets anybody read a bucket",
      at("aws:s3/bucketPolicy:BucketPolicy", "models").set("policy.Statement.1", {
        Effect: "Allow",
        Principal: "*",
        Action: ["s3:GetObject"],
        Resource: ["arn:aws:s3:::bucket-models/*"],
      }),
      "iam-resource-policy",
    ],
    [
      "lets anybody call a function",
      at("aws:lambda/permission:Permission", "redis-url-rotation").set("principal", "*"),
      "lambda-not-public",
    ],
    [
      "lets a service call for anybody",
      at("aws:lambda/permission:Permission", "redis-url-rotation").without("sourceArn"),
      "lambda-permission-source",
    ],
    [
      "runs a function on Node 14",
      at("aws:lambda/function:Function", "redis-rotation").set("runtime", "nodejs14.x"),
      "lambda-runtime",
    ],
    [
      "lets containers at their machine's credentials",
      template.set("metadataOptions.httpPutResponseHopLimit", 2),
      "ec2-template-metadata-hops",
    ],
  ],
  "prod eks": [
    [
      "lets any pod take a role on",
      role("vpc-cni-pod").without("assumeRolePolicy.Statement.0.Condition"),
      "iam-trust-pod",
    ],
  ],
};
