/** What each controller may do in AWS, and no more; External Secrets and KEDA have theirs in the compiled form. */
import * as pulumi from "@pulumi/pulumi";
import type { Statement } from "../../platform/foundation/index.ts";
import type { ClusterContext } from "./deploy-cluster-context.ts";
import { ownLogGroups } from "./container-logs.ts";
import type { Controller } from "./deploy-controller-identity.ts";

export type ControllerName =
  "aws-ebs-csi-driver" | "aws-load-balancer-controller" | "cloudwatch-agent" | "cluster-autoscaler";

export function controllers(context: ClusterContext): Readonly<Record<ControllerName, Controller>> {
  return {
    "aws-ebs-csi-driver": {
      name: "aws-ebs-csi-driver",
      namespace: "kube-system",
      serviceAccount: "ebs-csi-controller-sa",
      may: { managedPolicy: "service-role/AmazonEBSCSIDriverPolicy" },
    },
    "aws-load-balancer-controller": {
      name: "aws-load-balancer-controller",
      namespace: "aws-load-balancer-controller",
      serviceAccount: "aws-load-balancer-controller",
      may: targets(context),
    },
    "cloudwatch-agent": {
      name: "cloudwatch-agent",
      namespace: "amazon-cloudwatch",
      serviceAccount: "cloudwatch-agent",
      may: telemetry(context),
    },
    "cluster-autoscaler": {
      name: "cluster-autoscaler",
      namespace: "cluster-autoscaler",
      serviceAccount: "cluster-autoscaler",
      may: nodes(context),
    },
  };
}

/**
 * Targets of our own groups. No balancer, listener or rule, and no rule of a security group: those are ours alone.
 * @source AWS Load Balancer Controller docs, "You only want the LBC to add and remove IPs to already existing target
 *   groups", v3.5.0, without what changes a group; DescribeNetworkInterfaces finds a pod's own interface
 */
function targets({ foundation }: ClusterContext): readonly Statement[] {
  const { accountId, settings } = foundation;
  return [
    {
      actions: [
        "ec2:DescribeAvailabilityZones",
        "ec2:DescribeInstances",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSecurityGroups",
        "ec2:DescribeVpcs",
        "elasticloadbalancing:DescribeTargetGroups",
        "elasticloadbalancing:DescribeTargetHealth",
      ],
      resources: ["*"],
    },
    {
      actions: ["elasticloadbalancing:DeregisterTargets", "elasticloadbalancing:RegisterTargets"],
      resources: [
        pulumi.interpolate`arn:aws:elasticloadbalancing:${settings.region}:${accountId}:targetgroup/${settings.prefix}-*-eks/*`,
      ],
    },
  ];
}

/**
 * Sizes of this cluster's groups, by the tag that EKS puts on them.
 * @source kubernetes/autoscaler, cloudprovider/aws/README.md, "IAM Policy", without what launch configurations need
 */
function nodes({ clusterName, foundation }: ClusterContext): readonly Statement[] {
  const { accountId, settings } = foundation;
  return [
    {
      actions: [
        "autoscaling:DescribeAutoScalingGroups",
        "autoscaling:DescribeAutoScalingInstances",
        "autoscaling:DescribeLaunchConfigurations",
        "autoscaling:DescribeScalingActivities",
        "ec2:DescribeImages",
        "ec2:DescribeInstanceTypes",
        "ec2:DescribeLaunchTemplateVersions",
        "ec2:GetInstanceTypesFromInstanceRequirements",
      ],
      resources: ["*"],
    },
    {
      actions: ["eks:DescribeNodegroup"],
      resources: [pulumi.interpolate`arn:aws:eks:${settings.region}:${accountId}:nodegroup/${clusterName}/*`],
    },
    {
      actions: ["autoscaling:SetDesiredCapacity", "autoscaling:TerminateInstanceInAutoScalingGroup"],
      resources: ["*"],
      condition: { StringEquals: { [`aws:ResourceTag/k8s.io/cluster-autoscaler/${clusterName}`]: "owned" } },
    },
  ];
}

/**
 * Lines into groups that exist, and Container Insights' metrics.
 * @source CloudWatch user guide, "CloudWatchAgentServerPolicy", without parameters, traces and the making of groups
 */
function telemetry({ clusterName, foundation }: ClusterContext): readonly Statement[] {
  const { accountId, logGroups, settings } = foundation;
  const own = ownLogGroups(clusterName).map(
    (name) => pulumi.interpolate`arn:aws:logs:${settings.region}:${accountId}:log-group:${name}:*`,
  );
  const workloads = Object.values(logGroups).map(({ arn }) => pulumi.interpolate`${arn}:*`);
  return [
    {
      actions: ["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [...own, ...workloads],
    },
    {
      actions: ["cloudwatch:PutMetricData"],
      resources: ["*"],
      condition: { StringEquals: { "cloudwatch:namespace": "ContainerInsights" } },
    },
    { actions: ["ec2:DescribeTags", "ec2:DescribeVolumes", "logs:DescribeLogGroups"], resources: ["*"] },
  ];
}
