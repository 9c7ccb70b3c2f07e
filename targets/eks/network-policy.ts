/** The plain NetworkPolicy, and the way to the Pod Identity agent for pods that have an identity. */
import type { Manifest } from "../kubernetes/forms.ts";

/** Link-local, on each node. @source EKS user guide, "How EKS Pod Identity works", 2026-11 */
const POD_IDENTITY_AGENT = { cidr: "169.254.170.23/32", port: 80 } as const;

type NetworkPolicy = Extract<Manifest, { kind: "NetworkPolicy" }>;

export function withPodIdentityAgent(policy: NetworkPolicy): NetworkPolicy {
  if (!policy.spec) return policy;
  const agent = {
    to: [{ ipBlock: { cidr: POD_IDENTITY_AGENT.cidr } }],
    ports: [{ protocol: "TCP", port: POD_IDENTITY_AGENT.port }],
  };
  return { ...policy, spec: { ...policy.spec, egress: [...(policy.spec.egress ?? []), agent] } };
}
