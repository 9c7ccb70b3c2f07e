/** What the identity rules are about, with IAM documents read out of their JSON. */
import type * as aws from "@pulumi/aws";
import { ofType, type Subject } from "../framework/given.ts";
import { readDocument, type Statement } from "./document.ts";

export const roles = ofType<aws.iam.RoleArgs>("aws:iam/role:Role");
export const attachments = ofType<aws.iam.RolePolicyAttachmentArgs>(
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
);
export const accessKeys = ofType<aws.iam.AccessKeyArgs>("aws:iam/accessKey:AccessKey");
export const functions = ofType<aws.lambda.FunctionArgs>("aws:lambda/function:Function");
export const functionPermissions = ofType<aws.lambda.PermissionArgs>("aws:lambda/permission:Permission");
export const launchTemplates = ofType<aws.ec2.LaunchTemplateArgs>("aws:ec2/launchTemplate:LaunchTemplate");

interface WithPolicy {
  readonly policy?: string | object;
}

function policies(types: readonly string[]): Subject<WithPolicy, readonly Statement[]> {
  return { types, view: ({ policy }) => readDocument(policy) };
}

/** What an identity may do. */
export const permissions = policies([
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/policy:Policy",
  "aws:iam/userPolicy:UserPolicy",
  "aws:iam/groupPolicy:GroupPolicy",
]);

/** Who may do something with a resource, as the resource says it. */
export const resourcePolicies = policies([
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:sqs/queuePolicy:QueuePolicy",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:secretsmanager/secretPolicy:SecretPolicy",
  "aws:ecr/repositoryPolicy:RepositoryPolicy",
  "aws:kms/key:Key",
]);

/** Who may take a role on. */
export const trusts: Subject<{ readonly assumeRolePolicy?: string | object }, readonly Statement[]> = {
  types: roles.types,
  view: ({ assumeRolePolicy }) => readDocument(assumeRolePolicy),
};
