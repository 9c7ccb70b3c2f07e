/** What stands around a namespace's pods: read over the whole stack, for each is a resource of its own. */
import { demandsOf } from "../demand/demands.ts";
import { known } from "../framework/judgement.ts";
import type { Graph, Seen } from "../framework/graph.ts";
import type { Finding } from "../framework/finding.ts";
import { stackRule } from "../framework/rule.ts";
import { budgets, lasting, limitRanges, networkPolicies, pods, quotas } from "./subjects.ts";

type Tell = (what: string) => void;

interface Named {
  readonly metadata?: { readonly namespace?: string; readonly name?: string };
}

/** Namespaces that pods are in, each with the first that is. */
function inhabited(graph: Graph, tell: Tell): ReadonlyMap<string, Finding["on"]> {
  const found = new Map<string, Finding["on"]>();
  for (const { resource, view } of graph.all(pods)) {
    const namespace = known(() => view().namespace ?? "default", tell);
    if (namespace !== undefined && !found.has(namespace)) found.set(namespace, resource);
  }
  return found;
}

function namespacesOf<View extends Named>(all: readonly Seen<View>[], tell: Tell): ReadonlySet<string> {
  return new Set(all.flatMap(({ view }) => known(() => view().metadata?.namespace ?? "default", tell) ?? []));
}

function* without(kind: string, present: ReadonlySet<string>, graph: Graph, tell: Tell): Iterable<Finding> {
  for (const [namespace, on] of inhabited(graph, tell)) {
    if (!present.has(namespace)) yield { at: `namespace ${namespace}`, found: `no ${kind}`, allowed: `a ${kind}`, on };
  }
}

export const namespaceQuota = stackRule({
  name: "kubernetes-namespace-quota",
  description: "A namespace with pods has a quota: whatever else is started there, the stack's limits hold.",
  controls: ["Limits Kubernetes"],
  severity: "high",
  remedy: "Add a ResourceQuota with requests.cpu, requests.memory, limits.memory and pods.",
  over: [pods],
  *check(graph, _parameters, tell) {
    yield* without("ResourceQuota", namespacesOf(graph.all(quotas), tell), graph, tell);
  },
});

export const namespaceDefaults = stackRule({
  name: "kubernetes-namespace-defaults",
  description: "A namespace with pods has a LimitRange: a container that says nothing is limited all the same.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Add a LimitRange with default and defaultRequest.",
  over: [pods],
  *check(graph, _parameters, tell) {
    yield* without("LimitRange", namespacesOf(graph.all(limitRanges), tell), graph, tell);
  },
});

export const namespaceDenies = stackRule({
  name: "kubernetes-default-deny",
  description: "In a namespace with pods nothing is reached and nothing reaches out but what a policy admits.",
  controls: ["CIS 5.3.2"],
  severity: "high",
  remedy: "Add a NetworkPolicy with an empty podSelector, for Ingress and Egress, that admits nothing.",
  over: [pods],
  *check(graph, _parameters, tell) {
    const denying = graph.all(networkPolicies).filter(({ view }) => known(() => deniesAll(view().spec), tell));
    yield* without("NetworkPolicy that denies all", namespacesOf(denying, tell), graph, tell);
  },
});

type PolicySpec = ReturnType<(typeof networkPolicies)["view"]>["spec"];

function deniesAll(spec: PolicySpec): boolean {
  const { podSelector, policyTypes = [], ingress = [], egress = [] } = spec ?? {};
  const everyPod =
    Object.keys(podSelector?.matchLabels ?? {}).length === 0 && (podSelector?.matchExpressions ?? []).length === 0;
  const both = policyTypes.includes("Ingress") && policyTypes.includes("Egress");
  return everyPod && both && ingress.length === 0 && egress.length === 0;
}

export const disruptionBudget = stackRule({
  name: "kubernetes-disruption-budget",
  description: "What runs more than once has a disruption budget, or a drain takes all there are at once.",
  controls: ["Limits Kubernetes"],
  severity: "medium",
  remedy: "Add a PodDisruptionBudget that selects the pods.",
  over: [lasting],
  *check(graph, _parameters, tell) {
    const most = new Map(demandsOf(graph, tell).map((demand) => [demand.resource, demand.most]));
    const selectors = graph.all(budgets).flatMap(({ view }) => known(() => selectorOf(view()), tell) ?? []);
    for (const { resource, view } of graph.all(lasting)) {
      if (resource.type.endsWith(":DaemonSet")) continue;
      const pod = known(view, tell);
      if (!pod || (most.get(resource) ?? 1) <= 1) continue;
      const covered = selectors.some(
        ({ namespace, labels }) =>
          namespace === (pod.namespace ?? "default") &&
          Object.entries(labels).every(([key, value]) => pod.labels[key] === value),
      );
      if (!covered) {
        yield {
          at: resource.name,
          found: "no PodDisruptionBudget",
          allowed: "one that selects its pods",
          on: resource,
        };
      }
    }
  },
});

type Budget = ReturnType<(typeof budgets)["view"]>;

function selectorOf({ metadata, spec }: Budget) {
  return { namespace: metadata?.namespace ?? "default", labels: spec?.selector?.matchLabels ?? {} };
}
