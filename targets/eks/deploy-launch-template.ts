/**
 * What a node is: no way from a pod to the machine's credentials, an encrypted disk, tags on all that is bought with it.
 * No image: EKS chooses it by the group's image type, and adds what joins the node to its cluster.
 */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterContext } from "./deploy-cluster-context.ts";
import type { NodeGroup } from "./node-groups.ts";

const TAGGED = ["instance", "volume", "network-interface"] as const;

/** Groups of the node's interfaces, where EKS does not choose them. */
export interface NodeSecurity {
  readonly clusterGroupId: pulumi.Output<string>;
  /** Whose members exchange everything with each other, which the fabric asks for. */
  readonly fabricGroupId?: pulumi.Output<string>;
}

export function createLaunchTemplate(
  group: NodeGroup,
  security: NodeSecurity,
  { clusterName, tags }: ClusterContext,
): aws.ec2.LaunchTemplate {
  const own = { ...tags(group.name), Name: `${clusterName}-${group.name}` };
  return new aws.ec2.LaunchTemplate(group.name, {
    // One hop: credentials of the machine end at the machine, and a pod does not get them (EC2.8).
    metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
    monitoring: { enabled: true },
    blockDeviceMappings: [
      {
        deviceName: "/dev/xvda",
        ebs: { volumeSize: group.rootVolume, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
      },
    ],
    userData: userData(group),
    ...placement(group, tags(group.name)),
    ...fabric(group, security),
    tagSpecifications: TAGGED.map((resourceType) => ({ resourceType, tags: own })),
    tags: tags(group.name),
  });
}

/** A cluster placement group is in one zone, as the group's one subnet is. */
function placement({ name, together }: NodeGroup, tags: Record<string, string>) {
  if (!together) return {};
  return { placement: { groupName: new aws.ec2.PlacementGroup(name, { strategy: "cluster", tags }).name } };
}

/**
 * An adapter on each network card; the first carries the node's address too. A template that names interfaces names their
 * groups, and then EKS adds none. @source EC2 user guide, "Elastic Fabric Adapter", launch templates, 2026-11
 */
function fabric({ efa, instanceTypes }: NodeGroup, { clusterGroupId, fabricGroupId }: NodeSecurity) {
  if (!efa || !fabricGroupId) return {};
  const cards = Math.min(...instanceTypes.map(({ networkCards }) => networkCards));
  return {
    networkInterfaces: Array.from({ length: cards }, (_none, networkCardIndex) => ({
      networkCardIndex,
      deviceIndex: networkCardIndex === 0 ? 0 : 1,
      interfaceType: "efa",
      deleteOnTermination: "true",
      securityGroups: [clusterGroupId, fabricGroupId],
    })),
  };
}

/** In base64. `nodeadm` merges it with EKS's own part. @source awslabs/amazon-eks-ami, nodeadm/doc/examples.md */
function userData({ maxPods }: NodeGroup): string {
  const boundary = "node-config";
  const config = {
    apiVersion: "node.eks.aws/v1alpha1",
    kind: "NodeConfig",
    spec: { kubelet: { config: { maxPods } } },
  };
  const lines = [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${boundary}"`,
    "",
    `--${boundary}`,
    "Content-Type: application/node.eks.aws",
    "",
    "---",
    // YAML reads JSON.
    JSON.stringify(config),
    "",
    `--${boundary}--`,
  ];
  return Buffer.from(`${lines.join("\n")}\n`).toString("base64");
}
