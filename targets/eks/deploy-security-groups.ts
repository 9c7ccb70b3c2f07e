/** What the operators reach from the cluster's own group; workloads have groups of their own. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { placeholdersIn } from "../../platform/model/placeholders.ts";
import type { EksContext } from "./deploy-context.ts";

/** KEDA asks the brokers for the lag itself: exactly those that its role may connect to. */
export function admitOperators(
  clusterGroupId: pulumi.Output<string>,
  { compiled, foundation, tags }: EksContext,
): readonly pulumi.Resource[] {
  const measured = compiled.shared.operators.keda.statements
    .flatMap(({ resources }) => resources.flatMap(placeholdersIn))
    .flatMap(({ kind, name }) => (kind === "store" ? [name] : []));
  return foundation.model.stores.flatMap(({ name, port }) => {
    const group = foundation.securityGroups.stores[name];
    if (!group || !measured.includes(name)) return [];
    return [
      new aws.vpc.SecurityGroupIngressRule(`store-${name}-operators-${port}`, {
        securityGroupId: group.id,
        referencedSecurityGroupId: clusterGroupId,
        ipProtocol: "tcp",
        fromPort: port,
        toPort: port,
        description: "keda",
        tags: tags("keda"),
      }),
    ];
  });
}
