/** What the workloads of a namespace share on EKS: the plain form's, disks, and who acts for all of them. */
import type { Model } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import type { Manifest } from "../kubernetes/forms.ts";
import { shared as plainShared } from "../kubernetes/shared.ts";
import type { EksShared, StorageClass } from "./forms.ts";
import { operatorIdentities } from "./identity.ts";
import { operatorAuthentication } from "./keda.ts";
import { LOG_GROUP_ANNOTATION } from "./names.ts";
import { VPC_CNI } from "./security-group.ts";
import { READINESS_GATE } from "./target-group-binding.ts";

export function shared(model: Model, settings: Settings): EksShared {
  const labels = { "app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": model.project };
  return {
    manifests: [
      ...plainShared(model, settings).manifests.map(withReadinessGate),
      storageClass("gp3", { type: "gp3" }, labels),
      storageClass("io2", { type: "io2", iopsPerGB: IO2_IOPS_PER_GIB, allowAutoIOPSPerGBIncrease: "true" }, labels),
      operatorAuthentication(settings, labels),
    ],
    operators: operatorIdentities(model),
    vpcCni: VPC_CNI,
    logGroupTemplate: `$kubernetes['annotations']['${LOG_GROUP_ANNOTATION}']`,
  };
}

function withReadinessGate(manifest: Manifest): Manifest {
  if (manifest.kind !== "Namespace") return manifest;
  const { metadata } = manifest;
  return { ...manifest, metadata: { ...metadata, labels: { ...metadata?.labels, ...READINESS_GATE } } };
}

/** 3,000 IOPS at 60 GiB; io2 takes up to 500 a GiB. @source EBS user guide, "Provisioned IOPS SSD volumes", 2026-11 */
const IO2_IOPS_PER_GIB = "50";

/** Bound where the pod is, encrypted, and kept when the claim goes. @source aws-ebs-csi-driver, docs/parameters.md */
function storageClass(name: string, parameters: Record<string, string>, labels: Record<string, string>): StorageClass {
  return {
    apiVersion: "storage.k8s.io/v1",
    kind: "StorageClass",
    metadata: { name, labels },
    provisioner: "ebs.csi.aws.com",
    parameters: { ...parameters, encrypted: "true" },
    volumeBindingMode: "WaitForFirstConsumer",
    reclaimPolicy: "Retain",
    allowVolumeExpansion: true,
  };
}
