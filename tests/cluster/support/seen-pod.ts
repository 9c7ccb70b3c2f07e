/** A pod as far as these tests look at it. */
import { z } from "zod";

export interface SeenPod {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  /** Its workload: the label that selectors use. */
  readonly workload: string;
  readonly containers: readonly string[];
  readonly image: string;
  /** False of a Job's, whose end is its purpose. */
  readonly restarts: boolean;
  readonly node: string | undefined;
  readonly phase: string;
  readonly ready: boolean;
  /** Deleted, and its containers have not ended yet. */
  readonly leaving: boolean;
  /** Why the scheduler has found no node for it. */
  readonly unschedulable: string | undefined;
}

const condition = z.object({ type: z.string(), status: z.string(), message: z.string().optional() });
const podSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    name: z.string(),
    namespace: z.string(),
    labels: z.record(z.string(), z.string()).default({}),
    deletionTimestamp: z.string().optional(),
  }),
  spec: z.object({
    nodeName: z.string().optional(),
    restartPolicy: z.string(),
    containers: z.array(z.object({ name: z.string(), image: z.string() })).min(1),
  }),
  status: z.object({
    phase: z.string().default("Pending"),
    conditions: z.array(condition).default([]),
  }),
});

/** @throws ZodError when it is no pod */
export function seen(object: unknown): SeenPod {
  const { metadata, spec, status } = podSchema.parse(object);
  const found = (type: string) => status.conditions.find((each) => each.type === type);
  const scheduled = found("PodScheduled");
  return {
    uid: metadata.uid,
    name: metadata.name,
    namespace: metadata.namespace,
    workload: metadata.labels["app.kubernetes.io/name"] ?? "",
    containers: spec.containers.map(({ name }) => name),
    image: spec.containers[0]?.image ?? "",
    restarts: spec.restartPolicy === "Always",
    node: spec.nodeName,
    phase: status.phase,
    ready: found("Ready")?.status === "True",
    leaving: metadata.deletionTimestamp !== undefined,
    unschedulable: scheduled?.status === "False" ? (scheduled.message ?? "") : undefined,
  };
}

export function podPath({ namespace, name }: Pick<SeenPod, "namespace" | "name">): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}

/** Counts among what is to run: neither on its way out nor at its end. */
export function isActive({ leaving, phase }: SeenPod): boolean {
  return !leaving && phase !== "Succeeded" && phase !== "Failed";
}
