/**
 * A security group for each workload's pods, from the same reach as its ECS tasks', on a network interface of their own:
 * the stores admit a workload by its group on either platform. All our instance types can give pods such interfaces,
 * spot ones too.
 */
import { reachOf } from "../../platform/model/reach.ts";
import type { Model, Workload } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { SecurityGroup, SecurityGroupRule } from "../aws/forms.ts";
import { toRule } from "../aws/security-group.ts";
import { metadata, selector } from "../kubernetes/names.ts";
import type { SecurityGroupPolicy } from "./forms.ts";
import { CLUSTER_GROUP_ID, podGroupId } from "./names.ts";

const DNS = 53;

export function securityGroup(workload: Workload, model: Model): SecurityGroup {
  const { accepts, reaches } = reachOf(workload, model);
  return {
    groupName: `${model.prefix}-${workload.slug}-eks`,
    description: `${workload.name}: what its bindings need`,
    ingress: [
      ...accepts.map(toRule),
      // The kubelet asks the probes from the node; other pods in that group are kept out by the NetworkPolicy.
      ...probePorts(workload).map((port) => cluster("tcp", port)),
    ],
    // A node fetches the images here, so no pod needs the registry's layers in S3.
    egress: [...reaches.map(toRule), cluster("udp", DNS), cluster("tcp", DNS)],
  };
}

/** To or from what is in the cluster's own group. */
function cluster(ipProtocol: "tcp" | "udp", port: number): SecurityGroupRule {
  return { ipProtocol, fromPort: port, toPort: port, referencedSecurityGroupId: CLUSTER_GROUP_ID };
}

function probePorts(workload: Workload): readonly number[] {
  return workload.kind === "job" ? [] : [workload.probes.port ?? workload.port.number];
}

export function securityGroupPolicy(workload: Workload, model: Model, settings: Settings): SecurityGroupPolicy {
  return {
    apiVersion: "vpcresources.k8s.aws/v1beta1",
    kind: "SecurityGroupPolicy",
    metadata: metadata(workload, model, settings),
    spec: {
      podSelector: { matchLabels: selector(workload.name) },
      securityGroups: { groupIds: [podGroupId(workload)] },
    },
  };
}

/**
 * `standard` enforcement, because NetworkPolicies hold only with it; and no source NAT on the node, or what leaves the
 * VPC would leave by the node's group. @source EKS user guide, "Security groups for pods", 2026-11
 */
export const VPC_CNI = {
  AWS_VPC_K8S_CNI_EXTERNALSNAT: "true",
  ENABLE_POD_ENI: "true",
  ENABLE_PREFIX_DELEGATION: "true",
  POD_SECURITY_GROUP_ENFORCING_MODE: "standard",
} as const;
