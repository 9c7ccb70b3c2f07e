/**
 * Who pods and operators of the compiled form are to AWS: a role each, by Pod Identity; and a role for each workload's
 * secrets, which External Secrets takes on.
 */
import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { trustBy } from "../../platform/foundation/index.ts";
import { attach, createRole, filledIn, openSecrets } from "../aws/deploy-roles.ts";
import type { EksContext } from "./deploy-context.ts";
import { associate, podTrust, type Account } from "./deploy-pod-identity.ts";
import type { PodIdentity, SecretsRole, Trust } from "./forms.ts";

export interface Identities {
  /** By workload: without them its pods start with no credentials, or their secrets stay closed. */
  readonly workloads: Readonly<Record<string, readonly pulumi.Resource[]>>;
  readonly operators: readonly pulumi.Resource[];
}

/** Tells every `role.<name>-pod.arn` and `role.<name>-secrets.arn`. */
export function createIdentities(context: EksContext): Identities {
  const { units, shared } = context.compiled;
  // An operator's policy names the secrets' roles, whose trust names the operator's: all roles come before any policy.
  const operators = Object.entries(shared.operators).map(
    ([name, identity]) => [name, identity, createPodRole(name, identity, context)] as const,
  );
  const workloads = Object.fromEntries(
    Object.entries(units).map(([name, { podIdentity, secretsRole }]) => [
      name,
      [
        ...(podIdentity ? give(name, podIdentity, createPodRole(name, podIdentity, context), context) : []),
        ...(secretsRole ? [createSecretsRole(name, secretsRole, context)] : []),
      ],
    ]),
  );
  return { workloads, operators: operators.flatMap(([name, ...given]) => give(name, ...given, context)) };
}

function createPodRole(name: string, { association, trust }: PodIdentity, context: EksContext): aws.iam.Role {
  const document = podTrust(accountOf(association, context), principalOf(trust, context), trust.actions);
  return createRole(`${name}-pod`, document, context, name);
}

/** What the role may do, and who gets it. */
function give(
  name: string,
  { association, statements }: PodIdentity,
  role: aws.iam.Role,
  context: EksContext,
): readonly pulumi.Resource[] {
  const permissions = statements.length > 0 ? [attach(`${name}-pod`, role, filledIn(statements, context))] : [];
  const roleArn = context.fill(association.roleArn);
  const account = accountOf(association, context);
  return [...permissions, associate(name, account, roleArn, permissions, context.tags(name))];
}

function accountOf({ clusterName, ...account }: PodIdentity["association"], { fill }: EksContext): Account {
  return { ...account, clusterName: fill(clusterName) };
}

function createSecretsRole(name: string, { trust, statements }: SecretsRole, context: EksContext): aws.iam.RolePolicy {
  const document = trustBy(principalOf(trust, context), trust.actions);
  const role = createRole(`${name}-secrets`, document, context, name);
  return attach(`${name}-secrets`, role, [...filledIn(statements, context), openSecrets(context.foundation)]);
}

function principalOf({ principal }: Trust, { fill }: EksContext): Readonly<Record<string, pulumi.Input<string>>> {
  return "service" in principal ? { Service: principal.service } : { AWS: fill(principal.aws) };
}
