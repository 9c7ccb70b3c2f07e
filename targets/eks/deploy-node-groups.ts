/**
 * Planned node groups → managed ones that EKS drains before it replaces or repairs a node. They are made without the
 * component that Pulumi has for them: it allows a pod two hops to the machine's credentials, and knows neither repair nor
 * how many nodes an update may take at once.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { policy, trust } from "../../platform/foundation/index.ts";
import { GPU_LABEL } from "../kubernetes/names.ts";
import type { ClusterContext } from "./deploy-cluster-context.ts";
import { createLaunchTemplate, type NodeSecurity } from "./deploy-launch-template.ts";
import { nodeGroups, type NodeGroup } from "./node-groups.ts";

export interface Nodes {
  readonly roleArn: pulumi.Output<string>;
  readonly groups: readonly aws.eks.NodeGroup[];
}

/** Joining, Pod Identity, images; addresses for pods are another role's. */
const ROLE_POLICIES = ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"] as const;

/** @param before without what a node is not ready */
export function createNodeGroups(
  clusterName: pulumi.Output<string>,
  clusterGroupId: pulumi.Output<string>,
  before: readonly pulumi.Resource[],
  context: ClusterContext,
): Nodes {
  const { foundation } = context;
  const planned = nodeGroups(foundation.model, foundation.settings);
  const { role, permissions } = createRole(context);
  const security = securityOf(planned, clusterGroupId, context);
  const dependsOn = [...before, ...permissions, ...foundation.ready];
  const groups = planned.map((group) => createGroup(group, clusterName, role, security, dependsOn, context));
  return { roleArn: role.arn, groups };
}

function createGroup(
  group: NodeGroup,
  clusterName: pulumi.Output<string>,
  role: aws.iam.Role,
  security: NodeSecurity,
  dependsOn: pulumi.Resource[],
  context: ClusterContext,
): aws.eks.NodeGroup {
  const { network } = context.foundation;
  const template = createLaunchTemplate(group, security, context);
  return new aws.eks.NodeGroup(
    group.name,
    {
      clusterName,
      nodeRoleArn: role.arn,
      amiType: group.amiType,
      capacityType: group.capacityType,
      instanceTypes: group.instanceTypes.map(({ name }) => name),
      subnetIds: network.privateSubnets.slice(0, group.together ? 1 : undefined).map(({ id }) => id),
      scalingConfig: { minSize: group.min, desiredSize: group.desired, maxSize: group.max },
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      labels: { ...group.labels, ...gpuLabels(group) },
      taints: group.taints.map((taint) => ({ ...taint })),
      updateConfig: { maxUnavailable: 1 },
      nodeRepairConfig: { enabled: true },
      tags: { ...context.tags(group.name), ...templateTags(group) },
    },
    // The autoscaler decides how many there are.
    { ignoreChanges: ["scalingConfig.desiredSize"], dependsOn },
  );
}

/**
 * For the device plugin, which looks for the first; and for the autoscaler, which without the second takes a node whose
 * GPUs are not announced yet for one that has none, and buys another.
 */
function gpuLabels({ amiType, labels }: NodeGroup): Record<string, string> {
  if (amiType !== "AL2023_x86_64_NVIDIA") return {};
  return { "nvidia.com/gpu.present": "true", "k8s.amazonaws.com/accelerator": labels[GPU_LABEL] ?? "nvidia" };
}

/**
 * What the autoscaler can not know of a group without nodes: EKS tells it labels and taints, EC2 the machine; nobody the
 * disk, of which the kubelet keeps a part.
 * @source kubernetes/autoscaler, cloudprovider/aws/README.md, "Auto-Discovery Setup"; amazon-eks-ami, nodeadm's kubelet
 *   configuration: a tenth, and one GiB
 */
function templateTags({ rootVolume }: NodeGroup): Record<string, string> {
  const usable = Math.floor(rootVolume * 0.9 - 1);
  return { "k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": `${usable}Gi` };
}

function createRole({ tags }: ClusterContext) {
  const role = new aws.iam.Role("nodes", { assumeRolePolicy: trust("ec2.amazonaws.com"), tags: tags("nodes") });
  const attached = ROLE_POLICIES.map(
    (name) =>
      new aws.iam.RolePolicyAttachment(`nodes-${name}`, {
        role: role.name,
        policyArn: `arn:aws:iam::aws:policy/${name}`,
      }),
  );
  // A node asks for its own name and type. @source awslabs/amazon-eks-ami, doc/usage/overview.md
  const describe = new aws.iam.RolePolicy("nodes", {
    role: role.name,
    policy: policy([{ actions: ["ec2:DescribeInstances", "ec2:DescribeInstanceTypes"], resources: ["*"] }]),
  });
  return { role, permissions: [...attached, describe] };
}

/** A group of its own for the fabric: rules of the cluster's own group are EKS's to change. */
function securityOf(
  planned: readonly NodeGroup[],
  clusterGroupId: pulumi.Output<string>,
  { foundation, tags }: ClusterContext,
): NodeSecurity {
  if (!planned.some(({ efa }) => efa)) return { clusterGroupId };
  const group = new aws.ec2.SecurityGroup("nodes-fabric", {
    vpcId: foundation.network.vpcId,
    description: "Nodes that talk by Elastic Fabric Adapter",
    tags: tags("nodes"),
  });
  const rule = {
    securityGroupId: group.id,
    referencedSecurityGroupId: group.id,
    ipProtocol: "-1",
    description: "Elastic Fabric Adapter",
    tags: tags("nodes"),
  };
  new aws.vpc.SecurityGroupIngressRule("nodes-fabric", rule);
  new aws.vpc.SecurityGroupEgressRule("nodes-fabric", rule);
  return { clusterGroupId, fabricGroupId: group.id };
}
