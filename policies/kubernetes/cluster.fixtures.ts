import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./cluster.ts";
import { deployment } from "./fixtures.ts";

const LABEL = "pod-security.kubernetes.io/enforce";
const enforcing = (standard: string) => ({ metadata: { name: "platform", labels: { [LABEL]: standard } } });

export const fixtures: FixturesOf<typeof rules> = {
  ownNamespace: {
    compliant: deployment(),
    violating: [{ given: { ...deployment(), metadata: { namespace: "default" } }, found: "found default" }],
    decides: "metadata.namespace",
    absent: "broken",
  },
  namespaceStandard: {
    compliant: enforcing("restricted"),
    violating: [{ given: enforcing("privileged"), found: "found privileged" }],
    decides: "metadata.labels",
    absent: "broken",
    configured: [
      { config: { standards: ["restricted", "baseline"] }, given: enforcing("baseline"), then: "kept" },
      { config: { standards: ["baseline"] }, given: enforcing("restricted"), then: "broken" },
      { config: { operators: ["platform"] }, given: enforcing("privileged"), then: "kept" },
      { config: { operators: ["kube-system"] }, given: enforcing("privileged"), then: "broken" },
    ],
  },
  serviceType: {
    compliant: { spec: { type: "ClusterIP" } },
    violating: [
      { given: { spec: { type: "LoadBalancer" } }, found: "found LoadBalancer" },
      { given: { spec: { type: "NodePort" } }, found: "found NodePort" },
    ],
    decides: "spec.type",
    absent: "kept",
    configured: [{ config: { types: ["ClusterIP", "NodePort"] }, given: { spec: { type: "NodePort" } }, then: "kept" }],
  },
  serviceAddresses: {
    compliant: { spec: { externalIPs: [] } },
    violating: [{ given: { spec: { externalIPs: ["203.0.113.7"] } }, found: "found 203.0.113.7" }],
    decides: "spec.externalIPs",
    absent: "kept",
  },
  budgetLetsGo: {
    compliant: { spec: { maxUnavailable: 1 } },
    violating: [
      { given: { spec: { maxUnavailable: 0 } }, found: "maxUnavailable: found 0" },
      { given: { spec: { maxUnavailable: "0%" } }, found: "maxUnavailable: found 0%" },
      { given: { spec: { minAvailable: "100%" } }, found: "minAvailable: found 100%" },
    ],
    decides: "spec.maxUnavailable",
    absent: "kept",
  },
};
