/** Pods → what they take: the defaults of their namespace and the reach of their autoscaler included. */
import { known } from "../framework/judgement.ts";
import type { Graph } from "../framework/graph.ts";
import type { Subject } from "../framework/given.ts";
import { autoscalers, pods, readPod, type PodOwner } from "../kubernetes/subjects.ts";
import { containerDefaults, podSize } from "./pod-size.ts";
import type { Demand, Tell } from "./types.ts";
import { machinesOf } from "./machines.ts";

/** KEDA's, of which the pack knows no SDK. */
interface ScaledProps {
  readonly metadata?: { readonly namespace?: string };
  readonly spec?: {
    readonly scaleTargetRef?: { readonly name?: string };
    readonly minReplicaCount?: number;
    readonly maxReplicaCount?: number;
  };
}
const scaledObjects: Subject<ScaledProps> = {
  types: ["kubernetes:keda.sh/v1alpha1:ScaledObject"],
  view: (props) => props,
};
/** @source keda.sh, "ScaledObject specification", maxReplicaCount */
const KEDA_MOST = 100;

interface Range {
  readonly namespace: string;
  readonly workload: string | undefined;
  readonly min: number;
  readonly max: number;
}

/** What runs so many times: a Deployment, a Job, a CronJob; one field or another says how many. */
interface Counted extends PodOwner {
  readonly spec?: PodOwner["spec"] & {
    readonly replicas?: number;
    readonly parallelism?: number;
    readonly concurrencyPolicy?: string;
    readonly jobTemplate?: { readonly spec?: { readonly parallelism?: number } };
  };
}
const counted: Subject<Counted> = { types: pods.types, view: (props) => props };

export function kubernetesDemands(graph: Graph, tell: Tell): readonly Demand[] {
  const ranges = [...horizontalRanges(graph, tell), ...kedaRanges(graph, tell)];
  const defaults = containerDefaults(graph, tell);
  const nodes = machinesOf(graph, tell).reduce((sum, { most }) => sum + most, 0);
  return graph.all(counted).flatMap(
    ({ resource, view }) =>
      known(() => {
        const owner = view();
        const { spec, namespace = "default" } = readPod(owner);
        const service = owner.metadata?.name ?? resource.name;
        const count = counts(resource.type, owner, Math.max(1, nodes));
        const range = ranges.find((each) => each.workload === service && each.namespace === namespace);
        return {
          service,
          platform: "kubernetes" as const,
          resource,
          definition: resource,
          each: podSize(spec, defaults.get(namespace)),
          desired: Math.max(count.desired, range?.min ?? 0),
          most: Math.max(count.most, range?.max ?? 0),
        };
      }, tell) ?? [],
  );
}

/** A Deployment that says nothing has one pod; a DaemonSet one on each node; what ends does not always run. */
function counts(type: string, { spec }: Counted, nodes: number): { desired: number; most: number } {
  const kind = type.split(":").at(-1);
  if (kind === "DaemonSet") return { desired: nodes, most: nodes };
  if (kind === "Job") return { desired: 0, most: spec?.parallelism ?? 1 };
  if (kind === "CronJob") return { desired: 0, most: spec?.jobTemplate?.spec?.parallelism ?? 1 };
  const replicas = spec?.replicas ?? 1;
  return { desired: replicas, most: replicas };
}

/** What reaches from here to there; a field that is not set has the autoscaler's own default. */
function rangesOf<P extends { readonly metadata?: { readonly namespace?: string } }>(
  subject: Subject<P>,
  bounds: (props: P) => Omit<Range, "namespace">,
): (graph: Graph, tell: Tell) => readonly Range[] {
  return (graph, tell) =>
    graph.all(subject).flatMap(
      ({ view }) =>
        known(() => {
          const props = view();
          return { namespace: props.metadata?.namespace ?? "default", ...bounds(props) };
        }, tell) ?? [],
    );
}

const horizontalRanges = rangesOf(autoscalers, ({ spec }) => ({
  workload: spec?.scaleTargetRef?.name,
  min: spec?.minReplicas ?? 1,
  max: spec?.maxReplicas ?? 1,
}));

const kedaRanges = rangesOf(scaledObjects, ({ spec }) => ({
  workload: spec?.scaleTargetRef?.name,
  min: spec?.minReplicaCount ?? 0,
  max: spec?.maxReplicaCount ?? KEDA_MOST,
}));
