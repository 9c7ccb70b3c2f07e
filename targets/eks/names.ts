/** How the EKS form calls things. */
import { LABEL_DOMAIN } from "../../platform/conventions.ts";
import { placeholder } from "../../platform/model/placeholders.ts";
import type { Workload } from "../../platform/model/types.ts";

/** Each workload's copy of a secret: what one may read another need not. */
export function secretName(workload: Workload, secret: string): string {
  return `${workload.name}-${secret}`;
}

export function podRoleArn(name: string): string {
  return placeholder("role", `${name}-pod`, "arn");
}

export function secretsRoleArn(name: string): string {
  return placeholder("role", `${name}-secrets`, "arn");
}

/** The group that a workload's pods run in, on a network interface of their own. */
export function podGroupId(workload: Workload): string {
  return placeholder("securityGroup", `workload-${workload.name}`, "id");
}

/** The cluster's own group, which its nodes and CoreDNS are in. */
export const CLUSTER_GROUP_ID = placeholder("securityGroup", "cluster", "id");

/** An annotation, because a label's value holds no slash. */
export const LOG_GROUP_ANNOTATION = `${LABEL_DOMAIN}/log-group`;

/** Lets KEDA ask AWS as itself, not as the workload that it scales. */
export const OPERATOR_AUTHENTICATION = "keda-operator";
