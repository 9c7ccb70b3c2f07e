/**
 * Which version of each EKS add-on goes with which Kubernetes version. EKS would take its newest where none is said, so
 * that a second run might change something; and it refuses most pairs that are not these.
 */
import type { Problem } from "../../platform/model/types.ts";
import type { Settings } from "../../platform/settings.ts";
import { clusterVersion } from "./versions.ts";

const ADD_ONS = [
  "amazon-cloudwatch-observability",
  "aws-ebs-csi-driver",
  "coredns",
  "eks-pod-identity-agent",
  "kube-proxy",
  "metrics-server",
  "vpc-cni",
] as const;

export type AddOn = (typeof ADD_ONS)[number];

/** The same for each Kubernetes version here. */
const COMMON = {
  "amazon-cloudwatch-observability": "v6.4.0-eksbuild.1",
  "eks-pod-identity-agent": "v1.3.10-eksbuild.3",
  "vpc-cni": "v1.22.4-eksbuild.3",
} as const;

/**
 * @source the EKS API's DescribeAddonVersions as public infrastructure repositories recorded it: 1.36 on 2026-08-08 and
 *   2026-09-23, 1.35 on 2026-10-02, 1.34 on 2026-08; read 2026-11. What is newer: `aws eks describe-addon-versions`.
 */
export const ADD_ON_VERSIONS: Readonly<Record<string, Readonly<Record<AddOn, string>>>> = {
  "1.36": {
    ...COMMON,
    "aws-ebs-csi-driver": "v1.66.0-eksbuild.1",
    coredns: "v1.14.3-eksbuild.23",
    "kube-proxy": "v1.36.0-eksbuild.25",
    "metrics-server": "v0.9.0-eksbuild.11",
  },
  "1.35": {
    ...COMMON,
    "aws-ebs-csi-driver": "v1.64.0-eksbuild.1",
    coredns: "v1.13.2-eksbuild.31",
    "kube-proxy": "v1.35.3-eksbuild.29",
    "metrics-server": "v0.9.0-eksbuild.6",
  },
  "1.34": {
    ...COMMON,
    "aws-ebs-csi-driver": "v1.63.0-eksbuild.1",
    coredns: "v1.12.4-eksbuild.29",
    "kube-proxy": "v1.34.6-eksbuild.21",
    "metrics-server": "v0.9.0-eksbuild.5",
  },
};

/** The stack's own, or the table's. @throws Error for a Kubernetes version that the table has not got */
export function addOnVersion(addOn: AddOn, settings: Settings): string {
  const version = clusterVersion(settings);
  const found = settings.eks.addOns[addOn] ?? ADD_ON_VERSIONS[version]?.[addOn];
  if (!found) throw new Error(`Nothing says which ${addOn} goes with Kubernetes ${version}.`);
  return found;
}

/** A version of an add-on that nobody installs would be read by nobody. */
export function addOnProblems({ eks }: Settings): readonly Problem[] {
  return Object.keys(eks.addOns)
    .filter((name) => !ADD_ONS.some((each) => each === name))
    .map((name) => ({
      code: "unknown-add-on",
      path: `settings.eks.addOns.${name}`,
      found: name,
      allowed: ADD_ONS.join(", "),
    }));
}
