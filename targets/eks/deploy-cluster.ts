/** The cluster, its nodes, and what must be there before the first node: addresses for pods, and credentials. */
import * as aws from "@pulumi/aws";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import { createAddOn } from "./deploy-add-ons.ts";
import { clusterContext, type ClusterContext } from "./deploy-cluster-context.ts";
import { createControlPlane } from "./deploy-control-plane.ts";
import { createControllerIdentity, type Controller } from "./deploy-controller-identity.ts";
import { createNodeGroups } from "./deploy-node-groups.ts";
import type { EksShared } from "./forms.ts";

export interface EksCluster {
  readonly name: pulumi.Output<string>;
  readonly provider: k8s.Provider;
  /** The cluster's own group: its control plane, its nodes, and pods without a group of their own. */
  readonly securityGroupId: pulumi.Output<string>;
  readonly nodes: readonly pulumi.Resource[];
  /** All that a pod needs of AWS before it can start. */
  readonly resources: readonly pulumi.Resource[];
  readonly nodeRoleArn: pulumi.Output<string>;
}

/** Gives pods their addresses, so that no node need be allowed to. */
const CNI: Controller = {
  name: "vpc-cni",
  namespace: "kube-system",
  serviceAccount: "aws-node",
  may: { managedPolicy: "AmazonEKS_CNI_Policy" },
};

export function createCluster(shared: EksShared, foundation: Foundation): EksCluster {
  const context = clusterContext(shared, foundation);
  const cluster = createControlPlane(context);
  const name = cluster.eksCluster.name;
  const before = [
    ...createControllerIdentity(CNI, name, context),
    createAddOn("eks-pod-identity-agent", name, [cluster], context),
    admitToEndpoints(cluster.clusterSecurityGroupId, context),
  ];
  const nodes = createNodeGroups(name, cluster.clusterSecurityGroupId, [cluster, ...before], context);
  const provider = new k8s.Provider("eks", { kubeconfig: cluster.kubeconfigJson, enableServerSideApply: true });
  return {
    name,
    provider,
    securityGroupId: cluster.clusterSecurityGroupId,
    nodes: nodes.groups,
    resources: [cluster, ...before, ...nodes.groups],
    nodeRoleArn: nodes.roleArn,
  };
}

/** Nodes fetch images and operators call AWS by the interface endpoints; EKS lets everything out of the cluster's group. */
function admitToEndpoints(
  clusterGroupId: pulumi.Output<string>,
  { foundation, tags }: ClusterContext,
): aws.vpc.SecurityGroupIngressRule {
  return new aws.vpc.SecurityGroupIngressRule("endpoints-cluster", {
    securityGroupId: foundation.securityGroups.endpoints.id,
    referencedSecurityGroupId: clusterGroupId,
    ipProtocol: "tcp",
    fromPort: 443,
    toPort: 443,
    description: "Nodes and operators",
    tags: tags("cluster"),
  });
}
