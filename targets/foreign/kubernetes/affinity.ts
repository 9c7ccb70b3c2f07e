/** Where pods are to stand to their nodes and to each other. */
import type { Behaviour } from "../../../platform/model/behaviour.ts";
import type { Fields } from "../fields.ts";
import { readSelector, selectsNothing, type Labels, type Selector } from "./metadata.ts";

const ZONE = "topology.kubernetes.io/zone";

export interface Affinity {
  /** Labels that a node must have, where one value each is allowed. */
  readonly nodes: Labels;
  readonly zones: Behaviour["zones"];
}

/** @param labels the pod's own: what an affinity selects may be itself or something else */
export function readAffinity(pod: Fields, labels: Labels): Affinity {
  const spread = pod.list("topologySpreadConstraints", (each) => {
    each.aside("how strictly it is spread", "maxSkew", "whenUnsatisfiable", "minDomains", "matchLabelKeys");
    each.aside("which nodes count", "nodeAffinityPolicy", "nodeTaintsPolicy");
    each.object("labelSelector", readSelector);
    return each.text("topologyKey");
  });
  const found = pod.object("affinity", (affinity) => ({
    nodes: affinity.object("nodeAffinity", nodeAffinity) ?? new Map<string, string>(),
    beside: affinity.object("podAffinity", terms) ?? [],
    apart: affinity.object("podAntiAffinity", terms) ?? [],
  }));
  const inZone = (each: readonly Term[] | undefined): boolean =>
    (each ?? []).some(({ topology, selects }) => topology === ZONE && selects(labels));
  if (found?.beside.some(({ selects }) => !selects(labels)))
    pod.note("unsaid", "affinity.podAffinity", "that it stands beside another workload", "zones");
  const zones = inZone(found?.beside) ? "together" : spread.includes(ZONE) || inZone(found?.apart) ? "spread" : "any";
  return { nodes: found?.nodes ?? new Map<string, string>(), zones };
}

interface Term {
  readonly topology: string;
  readonly selects: Selector;
}

/** A wish counts as a demand does: the scheduler follows it wherever there is room. */
function terms(fields: Fields): readonly Term[] {
  return [
    ...fields.list("requiredDuringSchedulingIgnoredDuringExecution", term),
    ...fields.list("preferredDuringSchedulingIgnoredDuringExecution", (each) => {
      each.aside("how much it is wished for", "weight");
      return each.object("podAffinityTerm", term) ?? { topology: "", selects: selectsNothing };
    }),
  ];
}

function term(fields: Fields): Term {
  fields.aside("in which namespaces", "namespaces", "namespaceSelector", "matchLabelKeys", "mismatchLabelKeys");
  return {
    topology: fields.text("topologyKey") ?? "",
    selects: fields.object("labelSelector", readSelector) ?? selectsNothing,
  };
}

function nodeAffinity(fields: Fields): Labels {
  fields.unsaid("preferredDuringSchedulingIgnoredDuringExecution", "nodes that it would rather have", "compute");
  const alternatives = fields.object("requiredDuringSchedulingIgnoredDuringExecution", (each) =>
    each.list("nodeSelectorTerms", (one) => {
      one.unsaid("matchFields", "a node by name", "compute");
      return one.list("matchExpressions", (expression) => {
        const [key, operator, values] = [
          expression.text("key"),
          expression.text("operator"),
          expression.texts("values"),
        ];
        const [value] = values;
        if (operator === "In" && values.length === 1 && key !== undefined && value !== undefined)
          return [[key, value] as const];
        expression.note("unsaid", "", "a choice of nodes", "compute");
        return [];
      });
    }),
  );
  if ((alternatives?.length ?? 0) > 1) {
    fields.note("unsaid", "requiredDuringSchedulingIgnoredDuringExecution", "a choice of nodes", "compute");
    return new Map();
  }
  return new Map(alternatives?.flat(2));
}
