/** Who a controller of ours is to AWS: a role that Pod Identity gives to its one service account in this cluster. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policy, type Statement } from "../../platform/foundation/index.ts";
import type { ClusterContext } from "./deploy-cluster-context.ts";
import { associate, podTrust } from "./deploy-pod-identity.ts";

export interface Controller {
  readonly name: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  /** What it may do: in our words, or in AWS's own, where the controller is AWS's and its needs change with it. */
  readonly may: readonly Statement[] | { readonly managedPolicy: string };
}

/** Pod Identity tags its sessions, so tagging is part of assuming. @source EKS user guide, "Pod Identity role", 2026-11 */
const ASSUME = ["sts:AssumeRole", "sts:TagSession"] as const;

/** What a controller's pods come after. @param clusterName the made cluster's, for the association waits for it */
export function createControllerIdentity(
  { name, namespace, serviceAccount, may }: Controller,
  clusterName: pulumi.Output<string>,
  context: ClusterContext,
): readonly pulumi.Resource[] {
  const known = { clusterName: context.clusterName, namespace, serviceAccount };
  const role = new aws.iam.Role(`${name}-pod`, {
    assumeRolePolicy: podTrust(known, { Service: "pods.eks.amazonaws.com" }, ASSUME),
    tags: context.tags(name),
  });
  const permission =
    "managedPolicy" in may
      ? new aws.iam.RolePolicyAttachment(`${name}-pod`, {
          role: role.name,
          policyArn: `arn:aws:iam::aws:policy/${may.managedPolicy}`,
        })
      : new aws.iam.RolePolicy(`${name}-pod`, { role: role.name, policy: policy(may) });
  return [permission, associate(name, { ...known, clusterName }, role.arn, [permission], context.tags(name))];
}
