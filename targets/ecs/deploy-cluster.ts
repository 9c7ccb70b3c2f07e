/** Cluster, Service Connect namespace, and the capacity that tasks may ask for. */
import * as aws from "@pulumi/aws";
import { createPools } from "./deploy-capacity.ts";
import type { EcsContext } from "./deploy-context.ts";

export interface Cluster {
  readonly cluster: aws.ecs.Cluster;
  /** Tasks can start only after it, and must be gone before it is. */
  readonly capacity: aws.ecs.ClusterCapacityProviders;
}

export function createCluster(context: EcsContext): Cluster {
  const { compiled, foundation, tags, tell } = context;
  const form = compiled.shared.cluster;
  const namespace = new aws.servicediscovery.HttpNamespace(form.clusterName, {
    name: form.serviceConnectDefaults.namespace,
    description: "Service Connect",
    tags: tags("cluster"),
  });
  const cluster = new aws.ecs.Cluster(form.clusterName, {
    name: form.clusterName,
    settings: form.settings.map((setting) => ({ ...setting })),
    serviceConnectDefaults: { namespace: namespace.arn },
    tags: tags("cluster"),
  });
  tell(`cluster.${foundation.model.project}.arn`, cluster.arn);
  tell(`cluster.${foundation.model.project}.name`, cluster.name);
  const pools = createPools(context, cluster);
  const capacity = new aws.ecs.ClusterCapacityProviders(
    form.clusterName,
    { clusterName: cluster.name, capacityProviders: [...form.capacityProviders] },
    { dependsOn: [...pools] },
  );
  return { cluster, capacity };
}
