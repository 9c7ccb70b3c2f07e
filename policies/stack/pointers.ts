/** Kubernetes joins things by names and labels, and says nothing when there is none of the name. */
import type { Finding } from "../framework/finding.ts";
import type { Graph, Seen } from "../framework/graph.ts";
import { known } from "../framework/judgement.ts";
import { stackRule } from "../framework/rule.ts";
import { autoscalers, k8sServices, lasting, pods } from "../kubernetes/subjects.ts";
import { bindings, podGroups, scaledObjects } from "./subjects.ts";

type Tell = (what: string) => void;
type Labels = Readonly<Record<string, string | undefined>>;

interface Named {
  readonly metadata?: { readonly name?: string | undefined; readonly namespace?: string | undefined };
}

/** `<namespace>/<name>`. */
function address({ metadata }: Named, name = metadata?.name): string {
  return `${metadata?.namespace ?? "default"}/${name ?? "?"}`;
}

/** A finding where no pod of the namespace has all the labels. */
function* selecting<View extends Named>(
  graph: Graph,
  all: readonly Seen<View>[],
  labelsOf: (view: View) => Labels | undefined,
  tell: Tell,
): Iterable<Finding> {
  const made = graph.all(pods).map(({ view }) => known(view, tell));
  if (made.includes(undefined)) return;
  for (const { resource, view } of all) {
    const wanted = known(() => {
      const props = view();
      return { labels: Object.entries(labelsOf(props) ?? {}), namespace: props.metadata?.namespace ?? "default" };
    }, tell);
    if (!wanted || wanted.labels.length === 0) continue;
    const chosen = made.some(
      (pod) =>
        (pod?.namespace ?? "default") === wanted.namespace &&
        wanted.labels.every(([key, value]) => pod?.labels[key] === value),
    );
    if (!chosen) {
      const found = `no pod with ${wanted.labels.map(([key, value]) => `${key}=${value}`).join(", ")}`;
      yield { at: `${resource.name}.selector`, found, allowed: "labels that a workload has", on: resource };
    }
  }
}

export const serviceSelects = stackRule({
  name: "stack-service-selects",
  description: "A Service selects pods that there are; one that selects none answers nobody.",
  controls: ["Limits, Kubernetes"],
  severity: "high",
  remedy: "Set the selector to labels of the workload's pods.",
  over: [k8sServices],
  *check(graph, _parameters, tell) {
    yield* selecting(graph, graph.all(k8sServices), ({ spec }) => spec?.selector, tell);
  },
});

export const podGroupSelects = stackRule({
  name: "stack-pod-group-selects",
  description: "A SecurityGroupPolicy selects pods that there are; theirs would else be the node's group.",
  controls: ["Limits, Kubernetes"],
  severity: "high",
  remedy: "Set podSelector to labels of the workload's pods.",
  over: [podGroups],
  *check(graph, _parameters, tell) {
    yield* selecting(graph, graph.all(podGroups), ({ spec }) => spec?.podSelector?.matchLabels, tell);
  },
});

/** A finding where what is named is not there. */
function* naming<View extends Named>(
  all: readonly Seen<View>[],
  nameOf: (view: View) => string | undefined,
  there: ReadonlySet<string>,
  tell: Tell,
): Iterable<Finding> {
  for (const { resource, view } of all) {
    const wanted = known(() => {
      const props = view();
      return address(props, nameOf(props) ?? "nothing");
    }, tell);
    if (wanted !== undefined && !there.has(wanted)) {
      yield { at: resource.name, found: `${wanted}, which there is not`, allowed: "a thing's name", on: resource };
    }
  }
}

function addressesOf<View extends Named>(all: readonly Seen<View>[], tell: Tell): ReadonlySet<string> {
  return new Set(all.flatMap(({ view }) => known(() => address(view()), tell) ?? []));
}

/** A workload's name stands in its metadata, beside the pods that it is read as. */
function workloads(graph: Graph, tell: Tell): ReadonlySet<string> {
  const props = { types: lasting.types, view: (view: Named) => view };
  return addressesOf(graph.all(props), tell);
}

export const autoscalerTarget = stackRule({
  name: "stack-autoscaler-target",
  description: "An autoscaler points at a workload that there is; or nothing ever scales.",
  controls: ["Limits, Kubernetes"],
  severity: "high",
  remedy: "Set scaleTargetRef.name to the workload's.",
  over: [autoscalers, scaledObjects],
  *check(graph, _parameters, tell) {
    const there = workloads(graph, tell);
    yield* naming(graph.all(autoscalers), ({ spec }) => spec?.scaleTargetRef?.name, there, tell);
    yield* naming(graph.all(scaledObjects), ({ spec }) => spec?.scaleTargetRef?.name, there, tell);
  },
});

export const autoscalerOnce = stackRule({
  name: "stack-autoscaler-once",
  description: "One autoscaler scales a workload: two undo each other's work.",
  controls: ["Limits, Kubernetes"],
  severity: "high",
  remedy: "Move the metrics of one into the other.",
  over: [autoscalers, scaledObjects],
  *check(graph, _parameters, tell) {
    const owned = new Map<string, string>();
    const refer = ({ spec, metadata }: { spec?: { scaleTargetRef?: { name?: string } } } & Named) =>
      address({ ...(metadata ? { metadata } : {}) }, spec?.scaleTargetRef?.name);
    for (const { resource, view } of [...graph.all(autoscalers), ...graph.all(scaledObjects)]) {
      const target = known(() => refer(view()), tell);
      if (target === undefined) continue;
      const other = owned.get(target);
      if (other !== undefined) {
        yield { at: resource.name, found: `${target}, as ${other}`, allowed: "a workload of its own", on: resource };
      } else owned.set(target, resource.name);
    }
  },
});

export const bindingService = stackRule({
  name: "stack-binding-service",
  description: "A TargetGroupBinding names a Service that there is.",
  controls: ["Limits, Kubernetes"],
  severity: "high",
  remedy: "Set serviceRef.name to the Service's.",
  over: [bindings],
  *check(graph, _parameters, tell) {
    const there = addressesOf(graph.all(k8sServices), tell);
    yield* naming(graph.all(bindings), ({ spec }) => spec?.serviceRef?.name, there, tell);
  },
});
