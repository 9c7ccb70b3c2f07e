/** Roles of a workload and what they may do, from compiled statements. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policy, type Foundation, type Statement } from "../../platform/foundation/index.ts";
import type { StatementBehaviour } from "../../platform/model/behaviour.ts";
import type { AwsContext } from "./deploy-context.ts";

/** Tells `role.<name>.arn`. `service` is whose costs it counts to. */
export function createRole(
  name: string,
  assumeRolePolicy: pulumi.Output<string>,
  { tags, tell }: AwsContext,
  service: string,
): aws.iam.Role {
  const role = new aws.iam.Role(name, { assumeRolePolicy, tags: tags(service) });
  tell(`role.${name}.arn`, role.arn);
  return role;
}

export function attach(name: string, role: aws.iam.Role, statements: readonly Statement[]): aws.iam.RolePolicy {
  return new aws.iam.RolePolicy(name, { role: role.name, policy: policy(statements) });
}

export function filledIn(statements: readonly StatementBehaviour[], { fill }: AwsContext): readonly Statement[] {
  return statements.map(({ actions, resources }) => ({ actions, resources: resources.map((each) => fill(each)) }));
}

/** Whoever reads a secret needs its key too, for what Secrets Manager does with it and for nothing else. */
export function openSecrets({ secretsKey, settings }: Foundation): Statement {
  return {
    actions: ["kms:Decrypt"],
    resources: [secretsKey.arn],
    condition: { StringEquals: { "kms:ViaService": `secretsmanager.${settings.region}.amazonaws.com` } },
  };
}
