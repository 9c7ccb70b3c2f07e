/** What runs in the cluster for all workloads, before any of them. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Foundation } from "../../platform/foundation/index.ts";
import { chartValues } from "./chart-values.ts";
import { charts, type ChartName } from "./charts.ts";
import { containerLogs, ownLogGroups } from "./container-logs.ts";
import { createAddOn } from "./deploy-add-ons.ts";
import { createRelease } from "./deploy-charts.ts";
import { clusterContext, type ClusterContext } from "./deploy-cluster-context.ts";
import type { EksCluster } from "./deploy-cluster.ts";
import { createControllerIdentity } from "./deploy-controller-identity.ts";
import { controllers, type ControllerName } from "./deploy-controllers.ts";
import type { EksShared } from "./forms.ts";
import { nodeGroups } from "./node-groups.ts";

/** At least one more than a zone may take away; as many as the cluster's size asks for. */
const DNS_REPLICAS = { minReplicas: 2, maxReplicas: 10 } as const;

/**
 * What custom resources and workloads come after: a webhook that is not there yet lets pods pass without what it gives.
 * @param waitFor credentials of the operators that the compiled form knows, which their pods get when they are admitted
 */
export function createOperators(
  cluster: EksCluster,
  shared: EksShared,
  foundation: Foundation,
  waitFor: readonly pulumi.Resource[],
): readonly pulumi.Resource[] {
  const context = clusterContext(shared, foundation);
  const identities = createIdentities(cluster, context);
  const dns = createAddOn("coredns", cluster.name, cluster.resources, context, {
    autoScaling: { enabled: true, ...DNS_REPLICAS },
  });
  // Everything else looks up names.
  const before = [...cluster.resources, dns];
  return [
    dns,
    createAddOn("metrics-server", cluster.name, before, context),
    createAddOn("aws-ebs-csi-driver", cluster.name, [...before, ...identities["aws-ebs-csi-driver"]], context),
    createContainerLogs(cluster, [...before, ...identities["cloudwatch-agent"]], context),
    ...createReleases(cluster, identities, [...before, ...waitFor], context),
  ];
}

type Identities = Readonly<Record<ControllerName, readonly pulumi.Resource[]>>;

function createIdentities({ name }: EksCluster, context: ClusterContext): Identities {
  const all = controllers(context);
  const create = (controller: ControllerName) => createControllerIdentity(all[controller], name, context);
  return {
    "aws-ebs-csi-driver": create("aws-ebs-csi-driver"),
    "aws-load-balancer-controller": create("aws-load-balancer-controller"),
    "cloudwatch-agent": create("cloudwatch-agent"),
    "cluster-autoscaler": create("cluster-autoscaler"),
  };
}

function createContainerLogs(
  { name }: EksCluster,
  before: readonly pulumi.Resource[],
  context: ClusterContext,
): aws.eks.Addon {
  const { clusterName, foundation, shared, tags } = context;
  const groups = ownLogGroups(clusterName).map(
    (group) =>
      new aws.cloudwatch.LogGroup(`cluster-${group.split("/").at(-1) ?? group}`, {
        name: group,
        retentionInDays: foundation.settings.logRetentionDays,
        tags: tags("cluster"),
      }),
  );
  return createAddOn(
    "amazon-cloudwatch-observability",
    name,
    [...before, ...groups],
    context,
    containerLogs(clusterName, shared.logGroupTemplate),
  );
}

function createReleases(
  { provider }: EksCluster,
  identities: Identities,
  before: readonly pulumi.Resource[],
  { clusterName, foundation }: ClusterContext,
): readonly pulumi.Resource[] {
  const { model, network, settings } = foundation;
  const hasGpus = nodeGroups(model, settings).some(({ amiType }) => amiType === "AL2023_x86_64_NVIDIA");
  const own: Partial<Record<ChartName, readonly pulumi.Resource[]>> = identities;
  return charts(hasGpus).map((chart) =>
    createRelease(chart, chartValues(chart.name, { clusterName, vpcId: network.vpcId, settings }), provider, [
      ...before,
      ...(own[chart.name] ?? []),
    ]),
  );
}
