import type { FixturesOf } from "../fixtures.ts";
import type * as rules from "./fences.ts";
import { made, madeDeployment } from "./fixtures.ts";

const api = madeDeployment(2);
const both = ["Ingress", "Egress"];
const policy = (spec: object) => made("networking.k8s.io/v1:NetworkPolicy", "default-deny", spec);
const budget = (app: string) =>
  made("policy/v1:PodDisruptionBudget", "api", { maxUnavailable: 1, selector: { matchLabels: { app } } });
const autoscaler = made("autoscaling/v2:HorizontalPodAutoscaler", "api", {
  scaleTargetRef: { kind: "Deployment", name: "api" },
  maxReplicas: 4,
});

export const fixtures: FixturesOf<typeof rules> = {
  namespaceQuota: {
    compliant: [api, made("core/v1:ResourceQuota", "limits", { hard: { pods: "10" } })],
    violating: [{ given: [api], found: "namespace platform: found no ResourceQuota" }],
    decides: "api.metadata.namespace",
    absent: "broken",
  },
  namespaceDefaults: {
    compliant: [api, made("core/v1:LimitRange", "defaults", { limits: [] })],
    violating: [{ given: [api], found: "namespace platform: found no LimitRange" }],
    decides: "api.metadata.namespace",
    absent: "broken",
  },
  namespaceDenies: {
    compliant: [api, policy({ podSelector: {}, policyTypes: both })],
    violating: [
      { given: [api], found: "found no NetworkPolicy that denies all" },
      { given: [api, policy({ podSelector: {}, policyTypes: ["Ingress"] })], found: "denies all" },
      {
        given: [api, policy({ podSelector: { matchLabels: { app: "api" } }, policyTypes: both })],
        found: "denies all",
      },
      { given: [api, policy({ podSelector: {}, policyTypes: both, ingress: [{}] })], found: "denies all" },
    ],
    decides: "api.metadata.namespace",
    absent: "broken",
  },
  disruptionBudget: {
    compliant: [api, budget("api")],
    violating: [
      { given: [api], found: "found no PodDisruptionBudget" },
      { given: [api, budget("other")], found: "found no PodDisruptionBudget" },
      { given: [madeDeployment(1), autoscaler], found: "found no PodDisruptionBudget" },
    ],
    decides: "api.spec.template.metadata.labels",
    absent: "broken",
  },
};
