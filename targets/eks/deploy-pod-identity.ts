/** EKS Pod Identity: a role that one service account of one namespace of this cluster gets, and nobody else. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { trustBy } from "../../platform/foundation/index.ts";

/** Whose pods. */
export interface Account {
  readonly clusterName: pulumi.Input<string>;
  readonly namespace: string;
  readonly serviceAccount: string;
}

/** Pod Identity says with each session for whom it is. @source EKS user guide, "Pod Identity role", 2026-11 */
export function podTrust(
  { clusterName, namespace, serviceAccount }: Account,
  principal: Readonly<Record<string, pulumi.Input<string>>>,
  actions: readonly string[],
): pulumi.Output<string> {
  return trustBy(principal, actions, {
    StringEquals: {
      "aws:RequestTag/eks-cluster-name": clusterName,
      "aws:RequestTag/kubernetes-namespace": namespace,
      "aws:RequestTag/kubernetes-service-account": serviceAccount,
    },
  });
}

/**
 * A pod gets its credentials when it is admitted, so it must come after this.
 * @param clusterName the made cluster's, for the association waits for it
 * @param permissions what the role may do, which is there before anybody gets it
 */
export function associate(
  name: string,
  { clusterName, namespace, serviceAccount }: Account,
  roleArn: pulumi.Input<string>,
  permissions: readonly pulumi.Resource[],
  tags: Record<string, string>,
): aws.eks.PodIdentityAssociation {
  return new aws.eks.PodIdentityAssociation(
    name,
    {
      clusterName,
      namespace,
      serviceAccount,
      roleArn,
      // The session's tags are what the role's trust looks at.
      disableSessionTags: false,
      tags,
    },
    { dependsOn: [...permissions] },
  );
}
