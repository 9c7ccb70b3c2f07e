/** EKS add-ons: pinned, and what they find changed in the cluster they put right again. */
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { addOnVersion, type AddOn } from "./add-ons.ts";
import type { ClusterContext } from "./deploy-cluster-context.ts";

export function createAddOn(
  addOnName: AddOn,
  clusterName: pulumi.Output<string>,
  dependsOn: readonly pulumi.Resource[],
  { foundation, tags }: ClusterContext,
  configuration?: Readonly<Record<string, unknown>>,
): aws.eks.Addon {
  return new aws.eks.Addon(
    addOnName,
    {
      clusterName,
      addonName: addOnName,
      addonVersion: addOnVersion(addOnName, foundation.settings),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "OVERWRITE",
      ...(configuration ? { configurationValues: pulumi.jsonStringify(configuration) } : {}),
      tags: tags(addOnName),
    },
    { dependsOn: [...dependsOn] },
  );
}
