/** Namespaces, Services and accounts: what pods live in and how they are reached. */
import { z } from "zod";
import { resourceRule } from "../framework/rule.ts";
import { budgets, k8sServices, namespaces, pods } from "./subjects.ts";

export const ownNamespace = resourceRule({
  name: "kubernetes-own-namespace",
  description: "Workloads live in a namespace of their own.",
  controls: ["CIS 5.6.4"],
  severity: "medium",
  remedy: "Set metadata.namespace.",
  on: pods,
  *check({ namespace }) {
    if (namespace === undefined || namespace === "" || namespace === "default") {
      yield { at: "metadata.namespace", found: namespace, allowed: "a namespace other than default" };
    }
  },
});

export const namespaceStandard = resourceRule({
  name: "kubernetes-namespace-standard",
  description: "A namespace has the API server itself hold its pods to the restricted standard.",
  controls: ["PSS restricted"],
  severity: "high",
  remedy: "Label it pod-security.kubernetes.io/enforce: restricted.",
  on: namespaces,
  parameters: z.strictObject({
    standards: z.array(z.enum(["restricted", "baseline"])).default(["restricted"]),
    operators: z.array(z.string()).default([]).describe("Namespaces of operators that need their node"),
  }),
  *check({ metadata }, { standards, operators }) {
    if (operators.includes(metadata?.name ?? "")) return;
    const label = "pod-security.kubernetes.io/enforce";
    const found = metadata?.labels?.[label];
    if (!standards.some((each) => each === found)) {
      yield { at: `metadata.labels.${label}`, found, allowed: standards.join(" or ") };
    }
  },
});

export const serviceType = resourceRule({
  name: "kubernetes-service-exposure",
  description: "A Service is reached from inside; what users reach stands behind the shared load balancer.",
  controls: ["EKS.1"],
  severity: "high",
  remedy: "Set type to ClusterIP and route to it by a TargetGroupBinding or an Ingress.",
  on: k8sServices,
  parameters: z.strictObject({
    types: z.array(z.enum(["ClusterIP", "ExternalName", "NodePort", "LoadBalancer"])).default(["ClusterIP"]),
  }),
  *check({ spec }, { types }) {
    const found = spec?.type ?? "ClusterIP";
    if (!types.some((each) => each === found)) yield { at: "spec.type", found, allowed: types.join(" or ") };
  },
});

export const serviceAddresses = resourceRule({
  name: "kubernetes-service-external-ips",
  description: "A Service claims no address that is not its own.",
  controls: ["CVE-2020-8554"],
  severity: "high",
  remedy: "Leave externalIPs out.",
  on: k8sServices,
  *check({ spec }) {
    const addresses = spec?.externalIPs ?? [];
    if (addresses.length > 0) yield { at: "spec.externalIPs", found: addresses.join(" "), allowed: "nothing" };
  },
});

export const budgetLetsGo = resourceRule({
  name: "kubernetes-budget-lets-go",
  description: "A disruption budget lets at least one pod go, or no node could ever be drained.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Set maxUnavailable to 1, or minAvailable below 100 %.",
  on: budgets,
  *check({ spec }) {
    const { maxUnavailable, minAvailable } = spec ?? {};
    if (maxUnavailable === 0 || maxUnavailable === "0" || maxUnavailable === "0%") {
      yield { at: "spec.maxUnavailable", found: maxUnavailable, allowed: "at least 1" };
    }
    if (minAvailable === "100%") yield { at: "spec.minAvailable", found: minAvailable, allowed: "below 100 %" };
  },
});
