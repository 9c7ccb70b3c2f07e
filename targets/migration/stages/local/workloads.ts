/** Which of the model's workloads a weight moves, which a replica count, and what follows their progress. */
import type { Model } from "../../../../platform/model/types.ts";
import { buildOf, entriesUnder, type EntryOf, type SideState } from "../../../local/runtime/index.ts";
import type { CompiledStack, Form } from "../../../stack.ts";
import { StageError } from "../../stage.ts";
import { type ConsumerGroup, sharedGroups } from "../lag.ts";

/** Replicas of a worker on this machine: a singleton has one, and of others two are enough to share partitions. */
const WORKERS = 2;

/** @throws StageError for a side that has no form */
export function formOf(side: string, { forms }: CompiledStack): Form {
  const form = forms.find(({ target }) => target === side);
  if (!form) throw new StageError(`There is no compiled form for ${side}.`);
  return form;
}

/** Builds that the load's accounts are about: what answers it, and what carries trades from the feed to the subscribers. */
const ACCOUNTED: readonly string[] = ["api", "data-ingestion", "migrations", "websocket"];

/**
 * What both sides run here. Two sides of everything want about four cores at rest, so `accounted` is what a small machine
 * takes: the rest has no entry, as if it had no source.
 */
export type Carried = "accounted" | "all";

export function entriesCarried(root: string, carried: Carried): EntryOf {
  const entryOf = entriesUnder(root);
  return (image) => (carried === "all" || ACCOUNTED.includes(buildOf(image) ?? "") ? entryOf(image) : null);
}

export function workersOf({ workloads }: Model): readonly string[] {
  return workloads.filter(({ kind }) => kind === "worker").map(({ name }) => name);
}

export function servicesOf({ workloads }: Model): readonly string[] {
  return workloads.filter(({ kind }) => kind === "service").map(({ name }) => name);
}

/** Workers that a side runs here, with the replicas that carry all of their work. */
export function moveOrder(
  { model }: CompiledStack,
  { workloads }: SideState,
): readonly { worker: string; count: number }[] {
  return model.workloads.flatMap((workload) => {
    if (workload.kind !== "worker" || !(workload.name in workloads)) return [];
    return [
      {
        worker: workload.name,
        count: "singleton" in workload.scaling ? 1 : Math.min(workload.scaling.desired, WORKERS),
      },
    ];
  });
}

/** Consumer groups that both sides share, of the workers that run here. */
export function consumerGroups(
  { workloads }: Model,
  entryOf: EntryOf,
  { forms }: CompiledStack,
): readonly ConsumerGroup[] {
  return sharedGroups(
    workloads.filter(({ name }) => {
      const image = forms[0]?.behaviours[name]?.image;
      return image !== undefined && entryOf(image) !== null;
    }),
  );
}
